"""What the tests need and pip does not bring: a Chromium, and Pango for PDF files. `make test` calls it.

What is there is taken; what is missing is installed by apt as root, a browser else by Playwright; else the packages are named.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The first one has no windows to open and draw, which takes a third off a test of the ballot page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0")


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts: the machine's own, else Playwright's."""
    for path in map(shutil.which, NAMES):
        if path and _succeeds(path, "--version"):  # Ubuntu's package is a script that only names another installer
            return path
    return _of_playwright()


def has_pango() -> bool:
    return _succeeds(sys.executable, "-c", "import weasyprint")


def main() -> int:
    if not has_pango():
        install_by_apt(*PANGO_PACKAGES)
    for package in ("chromium-headless-shell", "chromium"):  # Debian has both
        if find_chromium() is None:
            install_by_apt(package)
    if find_chromium() is None:
        print("Installing Playwright's Chromium", flush=True)
        _install(sys.executable, "-m", "playwright", "install", "chromium")
    missing = [] if find_chromium() else ["chromium"]
    missing += [] if has_pango() else PANGO_PACKAGES
    if missing:
        print(
            f"The tests need packages that could not be installed here. On Debian: apt-get install {' '.join(missing)}"
        )
    return 1 if missing else 0


def install_by_apt(*packages: str) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {' '.join(packages)}", flush=True)
    _install("apt-get", "update", "-qq")
    _install("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def _of_playwright() -> str | None:
    asking = "from playwright.sync_api import sync_playwright as start\nwith start() as it: print(it.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and _succeeds(path, "--version") else None


def _install(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)  # what goes wrong is printed
    if done.returncode:
        print(f"{' '.join(command)}: failed", flush=True)


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
