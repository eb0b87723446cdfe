"""The nginx that the slow tests of deploy/ need. `make test-all` calls it: as root on Debian or Ubuntu, apt installs it."""

from __future__ import annotations

import os
import shutil
import sys

from tests.setup_browser import install_by_apt

MISSING = "The tests of deploy/nginx.conf need nginx. On Debian: apt-get install nginx"


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def main() -> int:
    if find_nginx() is None:
        install_by_apt("nginx")
    if find_nginx() is None:
        print(MISSING)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
