"""`make screenshots`: plays the hotline in a real browser as its three kinds of users would, and keeps the pictures.

A resident texts, a caller calls, a staff member logs in, claims, calls and closes; each step waits for what that person
would see, so this fails where they would be lost. Needs Chromium (see tests/browser_setup.py).
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import free_port
from tests.processes.machine import ROOT, until
from tests.processes.test_make_run import alive

PICTURES = Path(__file__).with_name("pictures")
PASSWORD = "a long and quiet river"
TIME = re.compile(r"by \d{1,2}:\d\d [AP]M")


def text(page: Page, words: str, wait_for: str | re.Pattern[str]) -> None:
    resident = page.locator("#resident")
    page.fill("#resident-text", words)
    resident.get_by_role("button", name="Send").click()
    expect(resident.locator("[data-thread]")).to_contain_text(wait_for)


def as_a_resident(page: Page) -> None:
    text(page, "hello", "In danger? Call or text 911")
    text(page, "call me please", "We can call you on")
    text(page, "1", TIME)
    text(page, "1", "may we leave a message")
    page.screenshot(path=PICTURES / "desk-phone.png")


def as_a_caller(page: Page) -> None:
    resident = page.locator("#resident")
    resident.get_by_role("button", name="New person").click()
    resident.get_by_role("button", name="Call", exact=True).click()
    words = resident.locator("[data-words]")
    expect(words).to_contain_text("call 9 1 1")
    for key, heard in (("2", "We can call you back on"), ("1", TIME)):
        resident.locator(f"[data-key='{key}']").click()
        expect(words).to_contain_text(heard)
    page.screenshot(path=PICTURES / "call.png")
    resident.get_by_role("button", name="Hang up").click()


def as_staff(browser: Browser, web: str, password: str, desk: Page) -> None:
    page = browser.new_page(viewport={"width": 1180, "height": 760})
    page.goto(f"{web}/staff")
    page.get_by_label("Login").fill("alex")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.get_by_label("Present password").fill(password)
    for label in page.get_by_label(re.compile("new password", re.IGNORECASE)).all():
        label.fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Callbacks")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Claim")).nth(1)).to_be_visible()
    page.screenshot(path=PICTURES / "queue.png")
    page.get_by_role("button", name=re.compile("^Claim")).first.click()
    page.get_by_role("button", name="Call", exact=True).click()
    staff = desk.locator("#staff")
    staff.get_by_role("button", name="Answer").first.click(timeout=15_000)
    expect(staff.locator("[data-words]")).to_contain_text("Press 1 to call them now")
    staff.locator("[data-key='1']").click()
    expect(desk.locator("#resident, #outside").first).to_be_visible()
    page.reload()
    page.screenshot(path=PICTURES / "callback.png")
    page.close()


def the_public_page(browser: Browser, web: str) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(web)
    expect(page.get_by_text("911").first).to_be_visible()
    page.screenshot(path=PICTURES / "public.png")


def play(browser: Browser, web: str, desk: str, password: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(desk)
    as_a_resident(page)
    as_a_caller(page)
    as_staff(browser, web, password, page)
    the_public_page(browser, web)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    ports = {name: str(free_port()) for name in ("PORT", "SIMULATOR_PORT", "EMBEDDED_STORE_PORT")}
    web, desk = (f"http://localhost:{ports[name]}" for name in ("PORT", "SIMULATOR_PORT"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = subprocess.Popen([sys.executable, "-u", "-m", "bot.run"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                                   env={**os.environ, **ports, "HOTLINE_VAR": folder})  # fmt: skip
        try:
            assert running.stdout
            password = next(found[1] for line in running.stdout if (found := re.search(r"alex / (\S+)", line)))
            assert until(lambda: alive(f"{web}/readyz") and alive(desk), seconds=40)
            chromium = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if os.path.exists(p)), None)
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            play(browser, web, desk, password)
            browser.close()
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(30)
    print("Pictures are in docs/pictures/.")


if __name__ == "__main__":
    main()
