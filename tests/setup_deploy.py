"""Install the programs that the slow tests of deploy/ need, by apt as root on Debian or Ubuntu, for `make test-all`."""

from __future__ import annotations

import os
import shutil
import sys

from tests.setup_browser import install_by_apt

PACKAGES = {"age": "age", "nginx": "nginx", "openssl": "openssl", "systemd-analyze": "systemd"}  # by their commands
MISSING = f"The tests of deploy/ need packages. On Debian: apt-get install {' '.join(PACKAGES.values())}"


def find(command: str) -> str | None:
    return shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def find_nginx() -> str | None:
    return find("nginx")


def main() -> int:
    if missing := [package for command, package in PACKAGES.items() if find(command) is None]:
        install_by_apt(*missing)
    if not all(map(find, PACKAGES)):
        print(MISSING)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
