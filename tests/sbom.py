"""Write sbom.json (CycloneDX): what production installs, each package with its version, hashes and license."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from mixportal import database

FILE = database.ROOT / "sbom.json"
PINNED = re.compile(r"^([\w.-]+)==(\S+)(.*?)(?=^[\w.-]+==|\Z)", re.M | re.S)


def license_of(name: str) -> str:
    """Return what the installed package says, in whichever way it says it."""
    try:
        said = metadata(name)
    except PackageNotFoundError:  # of another system
        return ""
    by_classifier = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier", ()) if "License ::" in each]
    brief = [each for each in [said.get("License-Expression"), said.get("License")] if each and len(each) < 80]
    return [*brief, *by_classifier, ""][0]


def sbom() -> Bom:
    licenses, project = LicenseFactory(), tomllib.loads((database.ROOT / "pyproject.toml").read_text())["project"]
    bom = Bom()
    bom.metadata.component = root = Component(
        type=ComponentType.APPLICATION, name=project["name"], version=project["version"], bom_ref=project["name"],
        licenses=[licenses.make_from_string(project["license"])],
    )  # fmt: skip
    for name, version, more in PINNED.findall((database.ROOT / "requirements.txt").read_text()):
        purl, said = PackageURL("pypi", name=name, version=version), license_of(name)
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in re.findall(r"sha256:(\w+)", more)]
        package = Component(
            type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=str(purl), hashes=hashes,
            licenses=[licenses.make_from_string(said)] if said else [],
        )  # fmt: skip
        bom.components.add(package)
        bom.register_dependency(root, [package])
    return bom


if __name__ == "__main__":
    JsonV1Dot6(sbom()).output_to_file(str(FILE), allow_overwrite=True, indent=1)
    print(f"{FILE.name} names {len(sbom().components)} packages.")
