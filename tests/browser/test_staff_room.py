"""The staff room in Chromium: by keyboard alone, live, on a small phone, without JavaScript, and open to all (axe)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.console.builders import PASSWORD, a_callback, an_account

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.browser


def log_in(page: Page, login: str) -> None:
    page.goto("/staff/login")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Callbacks")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this accessible name has the focus, visibly."""
    for _ in range(60):
        page.keyboard.press("Tab")
        has = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
                            " || document.activeElement.labels?.[0]?.innerText || ''")  # fmt: skip
        if name in has:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab never reached {name}")


def check_with_axe(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def test_login_claim_record_and_close_by_keyboard_alone(kit, page, faults):
    an_account(kit, "ana")
    cb = a_callback(kit, name="Zoe")
    page.goto("/staff/login")
    expect(page.get_by_label("Login")).to_be_focused()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("1 due")
    tab_to(page, f"Claim {cb.code}")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{cb.code} is yours.")).to_be_visible()
    tab_to(page, "We talked")
    page.keyboard.press("Space")
    tab_to(page, "Note")
    page.keyboard.type("She is with her sister.")
    tab_to(page, "Record")
    page.keyboard.press("Enter")
    expect(page.get_by_text("stays with you until you close it", exact=False).first).to_be_visible()
    tab_to(page, "We talked, and they have")
    page.keyboard.press("Space")
    tab_to(page, "Close callback")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{cb.code} is closed.")).to_be_visible()
    now = kit.ledger.get(cb.id)
    assert (now.status, now.reason, now.attempts) == ("closed", "reached", 1)
    assert faults == []


def test_a_new_callback_appears_by_itself_is_announced_and_keeps_the_focus(kit, page, faults):
    an_account(kit, "ana")
    first = a_callback(kit, 20)
    log_in(page, "ana")
    page.get_by_role("button", name=f"Claim {first.code}").focus()
    second = a_callback(kit, 5)
    expect(page.get_by_role("button", name=f"Claim {second.code}")).to_be_visible(timeout=8000)
    expect(page).to_have_title("2 due")
    expect(page.locator("#say")).to_have_text(re.compile(f"New callback {second.code}, due "))
    assert page.locator("#say").get_attribute("aria-live") == "polite"
    assert page.evaluate("document.activeElement.id") == f"claim-{first.id}"
    assert page.locator(".row h2 a").all_inner_texts() == [second.code, first.code]
    assert faults == []


def test_what_becomes_late_is_said_in_words_and_announced(kit, clock, page):
    an_account(kit, "ana")
    cb = a_callback(kit, 1)
    log_in(page, "ana")
    expect(page.locator(".count")).to_have_text(re.compile(r"^in \d+ s$|^in 1 min 00 s$"))
    clock.advance(minutes=3)
    expect(page.locator("#say")).to_have_text(f"Callback {cb.code} is late.", timeout=8000)
    expect(page.locator(".row .tag")).to_have_text("Late")
    expect(page.locator(".count")).to_have_text(re.compile(r"^late by 2 min \d\d s$"))


def test_the_countdown_ticks_each_second_by_the_stores_clock(kit, clock, page):
    an_account(kit, "ana")
    clock.advance(minutes=90)
    a_callback(kit, 10)
    log_in(page, "ana")
    count = page.locator(".count")
    expect(count).to_have_text(re.compile(r"^in (9 min 5\d|10 min 00) s$"))
    first = count.inner_text()
    expect(count).not_to_have_text(first, timeout=2500)


def test_a_page_that_is_no_longer_live_says_so_and_recovers(kit, page):
    an_account(kit, "ana")
    log_in(page, "ana")
    page.route("**/staff/queue", lambda route: route.abort())
    expect(page.locator("#stale")).to_have_text(re.compile("Not live since"), timeout=8000)
    page.unroute("**/staff/queue")
    expect(page.locator("#stale")).to_be_hidden(timeout=8000)


def test_a_page_whose_login_ended_says_so(kit, page):
    an_account(kit, "ana")
    a_callback(kit)
    log_in(page, "ana")
    kit.roster.disable("ana")
    expect(page.locator("#stale")).to_have_text(re.compile("You are logged out"), timeout=8000)


def test_what_was_typed_stays_while_somebody_else_takes_the_callback(kit, page):
    an_account(kit, "ana")
    cb = a_callback(kit)
    log_in(page, "ana")
    page.get_by_role("button", name=f"Claim {cb.code}").click()
    page.locator("#outcome-note").fill("half a sentence")
    kit.ledger.release(cb.id)
    kit.ledger.claim(cb.id, "ben")
    expect(page.locator("#changed")).to_be_visible(timeout=8000)
    expect(page.locator("#live")).to_contain_text("Ben has it since")
    expect(page.locator("#outcome-note")).to_have_value("half a sentence")
    page.get_by_label("No answer").check()
    page.get_by_role("button", name="Record").click()
    expect(page.locator(".banner.alarm[role=alert]:visible")).to_contain_text("Ben took this at")


def test_the_sound_is_off_until_somebody_turns_it_on(kit, page, faults):
    an_account(kit, "ana")
    log_in(page, "ana")
    button = page.get_by_role("button", name="Sound: off")
    button.click()
    expect(page.get_by_role("button", name="Sound: on")).to_be_visible()
    assert faults == []


def test_nothing_is_refused_by_the_security_policy(kit, page, faults):
    an_account(kit, "sue", "supervisor")
    cb = a_callback(kit)
    for path in ("/", "/staff/login"):
        page.goto(path)
    log_in(page, "sue")
    for path in ("/staff/roster", "/staff/ended", "/staff/password", f"/staff/callbacks/{cb.id}"):
        page.goto(path)
    assert faults == []


def test_leaving_the_public_page_leaves_no_way_back(page):
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="weather"))
    page.goto("/staff/login")
    page.goto("/")
    page.get_by_role("link", name="Leave this page").click()
    expect(page).to_have_url("https://www.weather.gov/")
    page.go_back()
    expect(page).to_have_url(re.compile("/staff/login$"))


def a_busy_evening(kit):
    """Every kind of row, so that every page shows everything it can."""
    an_account(kit, "sue", "supervisor", languages=("en", "es"))
    an_account(kit, "ana")
    an_account(kit, "ben", on_shift=False, first=True)
    kit.store.client.hset("staff:ana", "no_texts", "21610")
    kit.roster.disable("ben")
    a_callback(kit, -4, language="ht", channel="voice", may_answer="others")
    mine = a_callback(kit, 6, name="Zoe", good_time="after six", language="vi", may_text="yes", may_voicemail="neutral")
    a_callback(kit, 12, undelivered="30005", promised=False)
    kit.ledger.claim(a_callback(kit, 17).id, "ana")
    kit.ledger.claim(mine.id, "sue")
    kit.ledger.note(mine.id, "She prefers mornings.\nHer sister may pick up.", "ana")
    ended = a_callback(kit, 30)
    kit.ledger.close(ended.id, "referred", "safelink", "ana")
    return mine, ended


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_runs_off_the_page(kit, page, scheme, width):
    mine, ended = a_busy_evening(kit)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/staff/login"):
        page.goto(path)
        check_with_axe(page)
    log_in(page, "sue")
    one, other = f"/staff/callbacks/{mine.id}", f"/staff/callbacks/{ended.id}"
    for path in ("/staff", one, other, "/staff/roster", "/staff/ended", "/staff/password", "/staff/no"):
        page.goto(path)
        check_with_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(one)
    page.get_by_role("button", name="Show number").click()
    check_with_axe(page)


SMALL_TARGETS = """[...document.querySelectorAll('button, nav a, .pick, select, textarea, .self a, .row h2 a')]
    .map(node => [node.innerText, node.getBoundingClientRect()])
    .filter(([_, box]) => box.width && (box.height < 24 || box.width < 24)).map(([text]) => text)"""


def test_every_target_is_large_enough_to_touch(kit, page):
    """24 CSS pixels each way (WCAG 2.2, 2.5.8), links within a sentence aside."""
    mine, _ = a_busy_evening(kit)
    log_in(page, "sue")
    page.set_viewport_size({"width": 360, "height": 800})
    for path in ("/staff", f"/staff/callbacks/{mine.id}", "/staff/roster"):
        page.goto(path)
        small = page.evaluate(SMALL_TARGETS)
        assert small == [], path


def test_everything_works_without_javascript(kit, chromium, server):
    an_account(kit, "ana")
    cb = a_callback(kit, 3)
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "ana")
    expect(page.locator(".count")).to_have_text("in 3 min")
    page.get_by_role("button", name=f"Claim {cb.code}").click()
    page.get_by_label("Busy").check()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The next try is due")).to_be_visible()
    context.close()
