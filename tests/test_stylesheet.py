"""The joined stylesheets: imports, order, size, and what collectstatic makes of them."""

import json
import re
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command

from mixportal.stylesheet import ENTRIES, flatten, squeeze

EVERYWHERE, LEADERS, WORK = "css/app.css", "css/leaders.css", "css/work.css"
STATIC = Path(__file__).resolve().parent.parent / "static"
LAYERS = ["reset", "tokens", "base", "components", "utilities", "print"]


def read(files):
    return lambda name: files[name]


def flattened(entry):
    return flatten(entry, lambda name: (STATIC / name).read_text())


@pytest.fixture(scope="module", params=(EVERYWHERE, LEADERS, WORK))  # paper is styled alone, slides are few rules
def flat(request):
    return flattened(request.param)


@pytest.fixture
def collect(settings, tmp_path):
    """Run collectstatic on the portal's files, and return the folder and its manifest."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    flat = {"BACKEND": "mixportal.stylesheet.FlatStylesheetStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": flat}

    def run():
        call_command("collectstatic", interactive=False, verbosity=0)
        return tmp_path, json.loads((tmp_path / "staticfiles.json").read_text())["paths"]

    return run


def test_every_part_is_imported_and_no_page_of_the_portal_loads_it_twice():
    imported = [part for entry in ENTRIES if entry.startswith("css/") for part in flattened(entry)[1]]
    parts = {path.relative_to(STATIC).as_posix() for path in STATIC.glob("css/**/*.css")} - {*ENTRIES}
    assert sorted(imported) == sorted(parts)


def test_the_desk_and_the_portal_share_a_part():
    shared = "css/components/scroll.css"
    assert shared in flattened(EVERYWHERE)[1] & flattened("admin/lists.css")[1]


def test_the_joined_stylesheet_has_no_import_and_its_braces_balance(flat):
    css = re.sub(r'"[^"]*"', "", flat[0])
    assert "@import" not in css
    assert css.count("{") == css.count("}") > 50
    assert css.count("(") == css.count(")")


def test_the_order_of_layers_is_declared_first_and_every_rule_is_in_a_layer(flat):
    order = "@layer " + ",".join(LAYERS) + ";"
    assert flat[0].startswith(order)
    depth, outside = 0, ""
    for character in flat[0][len(order) :]:
        depth += (character == "{") - (character == "}")
        outside += character if depth == 0 else ""
    assert set(outside.replace("}", "\n").split("\n")) <= {"", "@font-face"} | {f"@layer {name}" for name in LAYERS}


def test_no_part_is_longer_than_four_hundred_lines():
    assert {path.name for path in STATIC.glob("css/**/*.css") if len(path.read_text().splitlines()) > 400} == set()


def test_the_stylesheet_keeps_its_budget(flat):
    css = flat[0].encode()
    assert len(css) <= 50_000
    assert len(brotli.compress(css)) <= 10_000


def test_collecting_serves_hashed_compressed_stylesheets_with_hashed_fonts(collect):
    root, manifest = collect()
    for entry in ENTRIES:
        assert "@import" not in (root / manifest[entry]).read_text()
        assert (root / (manifest[entry] + ".br")).exists()
    css = (root / manifest[EVERYWHERE]).read_text()
    fonts = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', css)
    assert len(fonts) == 4
    for font in fonts:
        assert re.fullmatch(r"fonts/[\w-]+\.[0-9a-f]{12}\.woff2", font)
        assert (root / font).exists()


def test_collecting_leaves_the_parts_out_of_the_manifest(collect):
    collected = {name for name in collect()[1] if name.startswith("css/")}
    assert collected == {name for name in ENTRIES if name.startswith("css/")}


def test_a_changed_part_changes_the_stylesheets_name_though_the_entry_is_untouched(collect, settings, tmp_path_factory):
    source = tmp_path_factory.mktemp("source")
    (source / "css").mkdir()
    (source / EVERYWHERE).write_text('@import "part.css";')
    settings.STATICFILES_DIRS = [source]
    names = []
    for color in ("red", "blue"):
        (source / "css/part.css").write_text(f"a {{ color: {color} }}")
        root, manifest = collect()
        assert (root / manifest[EVERYWHERE]).read_text() == f"a{{color:{color}}}"
        names.append(manifest[EVERYWHERE])
    assert names[0] != names[1]


def test_collecting_lets_modules_import_each_other_by_hashed_name(collect):
    root, manifest = collect()
    scripts = {name: root / manifest[name] for name in manifest if name.startswith("js/")}
    for script in scripts.values():
        for target in re.findall(r'^import .*"(.+)";$', script.read_text(), re.M):
            assert re.search(r"\.[0-9a-f]{12}\.js$", target)
            assert (script.parent / target).resolve() in scripts.values()
    assert scripts["js/ballot.js"].read_text().count("import ") == 7


def test_collecting_takes_every_installed_packages_files_too(collect, settings):
    settings.STATICFILES_FINDERS += ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg", "txt", "md"]  # quicker
    assert {"django_htmx/htmx-2.min.js", "admin/js/core.js", EVERYWHERE} <= set(collect()[1])


def test_urls_in_a_part_are_rebased_to_the_entry():
    files = {
        "css/app.css": '@import "parts/a.css";',
        "css/parts/a.css": '@import "../b.css"; i { background: url(img/x.svg), url("data:image/svg+xml;a b"), url( "/y.svg" ) }',
        "css/b.css": "b { background: url('../img/z.svg') }",
    }
    css, parts = flatten("css/app.css", read(files))
    assert parts == {"css/parts/a.css", "css/b.css"}
    assert css == (
        'b{background:url("../img/z.svg")}'
        'i{background:url("parts/img/x.svg"),url("data:image/svg+xml;a b"),url( "/y.svg" )}'
    )


def test_squeezing_leaves_strings_urls_and_meaningful_space_alone():
    files = {
        "css/app.css": """
        /* a comment with "a quote and { */
        a :hover , b > c { content: " ; } /* kept */  , " ; margin : 0 -1px ; width: calc( 1px + 2px ) }
        d { background: url(x/*y*/.svg) ; --e: 'f ;  g' }
        @media screen and (min-width: 48rem) { h { color: red; } }"""
    }
    css, _ = flatten("css/app.css", read(files))
    assert css == (
        'a :hover,b>c{content:" ; } /* kept */  , ";margin :0 -1px;width:calc( 1px + 2px )}'
        "d{background:url(\"x/*y*/.svg\");--e:'f ;  g'}"
        "@media screen and (min-width:48rem){h{color:red}}"
    )


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('@import "a.css" screen;', "only @import"),
        ('@import url("a.css");', "only @import"),
        ('@import "a.css"; @import "a.css";', "second time"),
        ('@import "app.css";', "second time"),
        ('@import "missing.css";', "no file css/missing.css"),
    ],
)
def test_an_import_that_cannot_be_joined_is_refused(entry, words):
    with pytest.raises(ValueError, match=words):
        flatten("css/app.css", read({"css/app.css": entry, "css/a.css": "a {}"}))


def test_squeezing_twice_changes_nothing(flat):
    assert squeeze(flat[0]) == flat[0]
