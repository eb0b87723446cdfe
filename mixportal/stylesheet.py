import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRIES = tuple(
    f"{name}.css"
    for name in "css/app css/entry css/history css/leaders css/list css/results css/slides css/trends css/work "
    "css/paper css/paper-summary css/paper-brief css/paper-pictures admin/lists".split()
)

QUOTED = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
BARE_URL = r"url\(\s*[^\"'()\s]+\s*\)"
# strings and urls first, so that nothing in them counts as a comment
KEPT = re.compile(f"({QUOTED}|{BARE_URL})")
COMMENT = re.compile(rf"({QUOTED}|{BARE_URL})|/\*.*?\*/", re.S)
ADDRESS = re.compile(rf"url\(\s*({QUOTED}|[^\"'()\s]+)\s*\)|{QUOTED}")
IMPORT = re.compile(rf"@import\s+({QUOTED})\s*;|@import\b[^;]*;?")


class FlatStylesheetStorage(CompressedManifestStaticFilesStorage):
    # support_js_module_import_aggregation would rewrite the scripts of packages too.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    @cached_property
    def _addresses(self) -> dict[str | None, str]:
        return {}

    def url(self, name: str | None, force: bool = False) -> str:
        if name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            paths = _joined(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _joined(paths: dict[str, Any]) -> dict[str, Any]:
    joined, parts = InMemoryStorage(), set[str]()
    for entry in paths.keys() & {*ENTRIES}:
        css, imported = flatten(entry, lambda name: _text(*paths[name]))
        joined.save(entry, ContentFile(css.encode()))
        parts |= imported
    return {name: (joined, name) if name in ENTRIES else paths[name] for name in paths.keys() - parts}


def flatten(entry: str, read: Callable[[str], str]) -> tuple[str, set[str]]:
    """Return the stylesheet with its imports inlined, and the imported names.

    Only `@import "local.css";` is allowed; `read` raises KeyError for an unknown file.
    """
    parts: set[str] = set()

    def load(name: str) -> str:
        css = COMMENT.sub(lambda match: match[1] or " ", read(name))
        css = ADDRESS.sub(lambda match: _rebased(match, posixpath.dirname(name), posixpath.dirname(entry)), css)
        return IMPORT.sub(lambda match: join(match, name), css)

    def join(match: re.Match[str], importer: str) -> str:
        if not match[1]:
            raise ValueError(f'{importer}: cannot join {match[0]!r}; only @import "file.css"; is understood')
        name = posixpath.normpath(posixpath.join(posixpath.dirname(importer), match[1][1:-1]))
        if name in parts | {entry}:
            raise ValueError(f"{importer}: {name} is imported a second time")
        parts.add(name)
        try:
            return load(name)
        except KeyError as error:
            raise ValueError(f"{importer}: there is no file {name}") from error

    return squeeze(load(entry)), parts


def squeeze(css: str) -> str:
    pieces = KEPT.split(css)
    for index in range(0, len(pieces), 2):
        piece = re.sub(r"\s+", " ", pieces[index])
        piece = re.sub(r" ?([{};,>]) ?", r"\1", piece)
        pieces[index] = piece.replace(": ", ":").replace(";}", "}")
    return "".join(pieces).strip()


def _rebased(match: re.Match[str], folder: str, target: str) -> str:
    if not match[1]:
        return match[0]
    address = match[1].strip("\"'")
    if re.match(r"[a-z]+:|[/#]", address):
        return match[0]
    return f'url("{posixpath.relpath(posixpath.join(folder, address), target)}")'


def _text(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        return str(file.read().decode())
