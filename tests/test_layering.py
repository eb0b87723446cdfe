"""The order of the rooms: each may import those to its right, never those to its left."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from members.routes import routes

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "mixportal.desk", "mixportal.changes", "mixportal.announcements", "mixportal.pages", "mixportal.summaries",
    "challenges", "priorities", "mixportal.trends", "mixportal.comparison", "mixportal.notes", "mixportal.results",
    "mixportal.ballots", "mixportal.proposals", "mixportal.editions", "members", "mixportal.mail", "mixportal.tables",
)  # fmt: skip
CONSENSUS, DEMO, WIRING = "mixportal.consensus", "mixportal.demo", "mixportal"
PACKAGES = (*ROOMS, CONSENSUS, DEMO, WIRING)
MAX_LINES = 400
MAX_LINES_OF_MODELS = 600  # a model may be long if it is one thing
# These two run before Django is set up, and production never loads the embedded server.
MAY_IMPORT_LATE = {"mixportal/database.py", "mixportal/demo/serve.py"}


def may_import() -> dict[str, set[str]]:
    """Return what each package may import of the project, besides itself."""
    allowed = {room: {*ROOMS[number + 1 :], CONSENSUS} for number, room in enumerate(ROOMS)}
    return {**allowed, CONSENSUS: set(), DEMO: set(PACKAGES), WIRING: {*ROOMS, CONSENSUS}}


def package_of(module: str) -> str | None:
    """Return the room that a module is in, or None for one that is not ours."""
    inside = [package for package in PACKAGES if module == package or module.startswith(f"{package}.")]
    return max(inside, key=len, default=None)


def sources() -> list[Path]:
    return sorted(
        path
        for folder in ("members", "priorities", "challenges", "mixportal")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield every module that is imported, in any form of import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)  # a module, or something in one
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def imports_of(path: Path) -> Iterator[str]:
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    yield from imports_in(ast.parse(path.read_text(encoding="utf-8")), package)


def late_imports_of(path: Path) -> set[str]:
    """Return the modules that are imported in functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {module for function in functions for module in imports_in(function, module_of(path).rpartition(".")[0])}


def test_no_room_imports_one_to_its_left():
    allowed, wrong, crossings = may_import(), [], 0
    for path in sources():
        own = package_of(module_of(path))
        for module in imports_of(path):
            other = package_of(module)
            if other not in (None, own):
                crossings += 1
                if other not in allowed[own]:
                    wrong.append(f"{name_of(path)} imports {module}")
    assert wrong == []
    assert crossings > 300


def test_the_order_is_the_one_that_the_settings_list(settings):
    listed = [app for app in settings.INSTALLED_APPS if app in ROOMS and app != "mixportal.desk"]
    assert listed == [room for room in ROOMS if room in listed]
    assert set(ROOMS) - set(settings.INSTALLED_APPS) <= {"mixportal.tables"}
    assert CONSENSUS not in settings.INSTALLED_APPS


def test_imports_are_found_in_every_form():
    text = """
import mixportal.notes.models
from mixportal import results
from . import order
from .exceptions import AlreadyCastError
if TYPE_CHECKING:
    from members.models import User
def late():
    import weasyprint
    importlib.import_module("mixportal.desk")
"""
    assert set(imports_in(ast.parse(text), "mixportal.ballots")) == {
        "mixportal.notes.models", "mixportal.results", "mixportal.ballots.order",
        "mixportal.ballots.exceptions.AlreadyCastError", "members.models.User", "weasyprint", "mixportal.desk",
    }  # fmt: skip
    assert package_of("mixportal.notes.models") == "mixportal.notes"
    assert package_of("mixportal.settings") == WIRING
    assert package_of("django.db") is None


def test_consensus_imports_nothing_of_the_project_and_no_django():
    files = [path for path in sources() if package_of(module_of(path)) == CONSENSUS]
    assert len(files) > 10
    for path in files:
        for module in imports_of(path):
            assert not module.startswith(("django", "psycopg2", "pghistory")), f"{name_of(path)} imports {module}"
            assert package_of(module) in (None, CONSENSUS), f"{name_of(path)} imports {module}"


def test_only_the_settings_and_the_addresses_name_the_demonstration():
    naming = {
        name_of(path)
        for path in sources()
        if package_of(module_of(path)) != DEMO and DEMO in path.read_text(encoding="utf-8")
    }
    assert naming == {"mixportal/settings.py", "mixportal/urls.py"}


def test_functions_import_nothing_but_weasyprint():
    late = {name_of(path): late_imports_of(path) for path in sources() if name_of(path) not in MAY_IMPORT_LATE}
    late = {name: {each for each in found if each.split(".")[0] != "weasyprint"} for name, found in late.items()}
    assert {name: found for name, found in late.items() if found} == {}
    assert late_imports_of(ROOT / "mixportal" / "summaries" / "pdf.py")


def test_models_are_imported_and_not_looked_up_by_name():
    looked_up = re.compile(r"\bapps\.get_model\(|\bget_model\(\s*[\"']")
    assert [name_of(path) for path in sources() if looked_up.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_contributing_lists_each_package_with_its_own_sentence(package):
    folder = package.replace(".", "/")
    tree = ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8"))
    sentence = (ast.get_docstring(tree) or "").partition("\n")[0]
    assert re.fullmatch(r"[A-Z].{20,}\.", sentence)
    assert f"| `{folder}/` | {sentence} |" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()


def test_the_order_in_contributing_is_the_one_that_is_enforced():
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    assert " -> ".join(room.rpartition(".")[2] for room in ROOMS) in text


def test_every_path_that_documents_name_exists():
    for document in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        paths = re.findall(
            r"`((?:mixportal|members|priorities|challenges|templates|static|tests|deploy)/[\w./]*)`", text
        )
        assert [path for path in paths if not (ROOT / path).exists()] == [], document


def test_no_text_cites_a_document_that_is_not_in_the_repository():
    folders = ("members", "priorities", "challenges", "mixportal", "templates", "static/css", "static/js", "tests")
    kinds = {".py", ".html", ".txt", ".css", ".js"}
    left_out = {"vendor", "expected"}
    cited = []
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds):
        if left_out & set(path.parts) or path == Path(__file__):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"\bDESIGN\b|\bissue \d|\b[Rr]ules? \d", line):
                cited.append(f"{name_of(path)}: {line}")
            documents = re.findall(r"\b[\w-]+\.md\b", line)
            cited += [f"{name_of(path)}: {line}" for document in documents if not (ROOT / document).exists()]
    assert cited == []


def test_views_are_in_modules_called_views():
    found = {}
    for route in routes():
        view = inspect.unwrap(route.view)
        module = getattr(view, "view_class", view).__module__
        if package_of(module) is not None:
            found[route.name] = module
    assert len(found) > 50
    assert {name: module for name, module in found.items() if "views" not in module.split(".")} == {}


def test_no_shared_template_asks_which_kind_it_has():
    """What differs between the two kinds is in Kind, or in an app's own panel."""
    asking = []
    for path in (ROOT / "templates").rglob("*.html"):
        for tag in re.findall(r"{%\s*(?:el)?if [^%]*%}", path.read_text(encoding="utf-8")):
            if re.search(r"[\"'](priorit|challeng)", tag):
                asking.append(f"{path.name}: {tag}")
    assert asking == []


@pytest.mark.parametrize("kind", ["py", "html", "css", "js"])
def test_no_file_is_too_long_to_read(kind):
    folders = ("members", "priorities", "challenges", "mixportal", "templates", "static", "tests")
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob(f"*.{kind}")
        if not {"vendor", "migrations"} & set(path.parts)
    ]
    assert files
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    too_long = {name_of(path): length for path, length in lengths.items() if length > limit_of(path)}
    assert too_long == {}


def limit_of(path: Path) -> int:
    return MAX_LINES_OF_MODELS if "models" in (path.stem, path.parent.name) else MAX_LINES
