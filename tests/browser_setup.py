"""Makes sure that there is a browser for the tests that want one. `make test` calls it.

Debian's Chromium where it is there or may be installed; else Playwright's own; else it says how, and those tests skip.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> bool:
    if os.environ.get("CHROMIUM_PATH") or any(map(shutil.which, NAMES)):
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


def tried(*command: str) -> bool:
    print("$", " ".join(command), flush=True)
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    if found():
        return
    root = shutil.which("apt-get") and os.geteuid() == 0
    if root and tried("apt-get", "update", "-qq") and tried("apt-get", "install", "-y", "-qq", "chromium") and found():
        return
    if tried(sys.executable, "-m", "playwright", "install", "chromium") and found():
        return
    print("No browser could be installed: tests in a browser are skipped. As root, run: apt-get install chromium")


if __name__ == "__main__":
    main()
