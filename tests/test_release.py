"""What a release holds: one version number, migrations that are followed, and a list of what it installs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from cyclonedx.output.json import JsonV1Dot6
from django.conf import settings
from packaging.version import Version

from mixportal import database
from tests.sbom import sbom

FIRST_FOLLOWED = Version("0.9.0")


def git(folder: Path, *arguments: str) -> list[str]:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "tag.gpgSign=false")
    command = ["git", "-C", folder, *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def rewritten_migrations(folder: Path) -> list[str]:
    """Return the migrations that a release had and that are gone or changed since."""
    releases = [tag for tag in git(folder, "tag", "--list", "v[0-9]*") if Version(tag) >= FIRST_FOLLOWED]
    changed = ("diff", "--no-renames", "--diff-filter=MD", "--name-only")
    return sorted({name for tag in releases for name in git(folder, *changed, tag, "--", "*/migrations/*.py")})


def test_the_version_is_the_newest_of_the_changelog_or_one_on_its_way():
    changelog = (database.ROOT / "CHANGELOG.md").read_text()
    unreleased, *released = re.findall(r"^## \[(.+?)\]", changelog, re.M)
    version = Version(settings.VERSION)
    assert unreleased == "Unreleased"
    assert version.is_devrelease or str(version) == released[0]
    assert all(Version(each) <= version for each in released)


def test_no_migration_of_a_release_is_rewritten():
    assert rewritten_migrations(database.ROOT) == []


def test_a_migration_that_is_rewritten_after_a_release_is_named(tmp_path):
    first, second = (tmp_path / "mail/migrations" / f"000{number}_any.py" for number in (1, 2))
    first.parent.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    for tag, written in {"v0.8.0": "early", "v0.9.0": "released"}.items():
        first.write_text(written)
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", tag)
        git(tmp_path, "tag", tag)
    second.write_text("later")
    git(tmp_path, "add", "--all")
    assert rewritten_migrations(tmp_path) == []
    first.write_text("rewritten")
    assert rewritten_migrations(tmp_path) == ["mail/migrations/0001_any.py"]
    first.unlink()
    assert rewritten_migrations(tmp_path) == ["mail/migrations/0001_any.py"]


def test_the_sbom_names_each_pinned_package_with_its_version_hashes_and_license():
    written = json.loads(JsonV1Dot6(sbom()).output_as_string())
    assert (written["bomFormat"], written["metadata"]["component"]["version"]) == ("CycloneDX", settings.VERSION)
    text = (database.ROOT / "requirements.txt").read_text()
    pinned = dict(line.split(" ")[0].split("==") for line in text.splitlines() if "==" in line)
    found = {each["name"]: each for each in written["components"]}
    assert {name: each["version"] for name, each in found.items()} == pinned
    hashes = {each["content"] for component in found.values() for each in component["hashes"]}
    assert hashes == set(re.findall(r"sha256:(\w{64})", text))
    assert {name for name, each in found.items() if "licenses" not in each} <= {"brotlicffi"}  # of PyPy only
