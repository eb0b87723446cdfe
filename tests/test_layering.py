"""The house keeps its order: imports point one way, no room asks which kind it has, no file outgrows its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "challenges", "priorities", "mixportal.summaries", "mixportal.comparison", "mixportal.notes", "mixportal.ballots",
    "mixportal.proposals", "mixportal.editions", "members", "mixportal.mail",
)  # fmt: skip
CONSENSUS, DEMO, WIRING = "mixportal.consensus", "mixportal.demo", "mixportal"
KINDS = {"priorities", "challenges", "priority", "challenge"}
LONGEST = 400


def may_import() -> dict[str, set[str]]:
    """What each room may import of the project, itself apart: those to its right, and consensus."""
    allowed = {room: {*ROOMS[number + 1 :], CONSENSUS} for number, room in enumerate(ROOMS)}
    return {**allowed, CONSENSUS: set(), DEMO: {*ROOMS, CONSENSUS, WIRING}, WIRING: {WIRING}}


def room_of(module: str) -> str | None:
    """The room that a module lies in; None for one that is not ours. What lies in no room is the wiring."""
    parts = module.split(".")
    if parts[0] in ("members", "priorities", "challenges"):
        return parts[0]
    if parts[0] != "mixportal":
        return None
    room = ".".join(parts[:2])
    return room if room in {*ROOMS, CONSENSUS, DEMO} else WIRING


def sources() -> list[Path]:
    return sorted(
        path
        for room in ("members", "priorities", "challenges", "mixportal")
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
    )


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top, in a function or for types alone, by any form of import."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from mixportal import consensus` names a module, `from members.models import User` something in one
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


def test_imports_point_one_way():
    allowed, wrong, crossings = may_import(), [], 0
    for path in sources():
        own = room_of(module_of(path))
        for module in imported(path):
            other = room_of(module)
            if other is not None and other != own:
                crossings += 1
                if other not in allowed[own]:
                    wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []
    assert crossings > 50


def test_a_challenge_may_know_priorities_and_never_the_other_way_round():
    allowed = may_import()
    assert "priorities" in allowed["challenges"]
    assert "challenges" not in allowed["priorities"]


def test_consensus_imports_nothing_of_the_project_and_no_django():
    files = [path for path in sources() if room_of(module_of(path)) == CONSENSUS]
    assert len(files) > 10
    for path in files:
        for module in imported(path):
            assert not module.startswith(("django", "psycopg2", "pghistory")), f"{path} imports {module}"
            assert room_of(module) in (None, CONSENSUS), f"{path} imports {module}"


def test_nothing_names_the_demonstration_but_the_wiring():
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if room_of(module_of(path)) != DEMO and "mixportal.demo" in path.read_text(encoding="utf-8")
    }
    assert naming == {"mixportal/settings.py", "mixportal/urls.py"}


def test_the_reader_of_imports_sees_every_form_of_them(tmp_path):
    room = ROOT / "mixportal" / "ballots" / "models.py"
    assert {"members.models.Government", "mixportal.consensus", "mixportal.editions.models.Edition"} <= set(
        imported(room)
    )
    assert "priorities.models" in set(imported(ROOT / "priorities" / "apps.py"))  # within a function
    assert "mixportal.consensus.agreement" in set(imported(ROOT / "mixportal" / "consensus" / "count.py"))  # relative
    assert "mixportal.editions.models.Edition" in set(
        imported(ROOT / "mixportal" / "editions" / "kinds.py")
    )  # for types


def strings(path: Path) -> Iterator[str]:
    """The string constants of a file's code; docstrings are words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            yield node.value


def test_no_shared_room_names_a_kind():
    """What differs is data in the Kind. The readers of a list alone know the words that people head it with."""
    readers = {"listed.py", "list_csv.py", "list_pasted.py"}
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if room_of(module_of(path)) in ROOMS[2:] and path.name not in readers
        for text in strings(path)
        if text in KINDS
    ]
    assert asking == []


def test_no_shared_template_asks_which_kind_it_has():
    asking = []
    for path in (ROOT / "templates").rglob("*.html"):
        for tag in re.findall(r"{%\s*(?:el)?if [^%]*%}", path.read_text(encoding="utf-8")):
            if re.search(r"[\"'](priorit|challeng)", tag):
                asking.append(f"{path.name}: {tag}")
    assert asking == []


def test_no_shared_room_compares_a_kinds_key():
    pattern = re.compile(r"kind\.key\s*(==|!=|\bin\b|\bnot in\b)|match\s+kind\b")
    shared = [path for path in sources() if room_of(module_of(path)) in {*ROOMS[2:], WIRING}]
    assert [path.name for path in shared if pattern.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("kind", ["py", "html", "css", "js"])
def test_no_file_is_longer_than_400_lines(kind):
    rooms = ("members", "priorities", "challenges", "mixportal", "templates", "static", "tests")
    files = [
        path
        for room in rooms
        for path in (ROOT / room).rglob(f"*.{kind}")
        if not {"vendor", "migrations"} & set(path.parts)
    ]
    assert files
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_room_but_consensus_is_an_installed_app(settings):
    built = {room for room in ROOMS if (ROOT / room.replace(".", "/") / "__init__.py").exists()}
    assert len(built) > 5
    assert built <= set(settings.INSTALLED_APPS)
    assert CONSENSUS not in settings.INSTALLED_APPS
