"""The desk phone's page as a person uses it, in Chromium: keyboard alone, live words, no accessibility faults.

Not here: what the actions do (test_page.py).
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from twilio.rest import Client

from bot.simulator.page import create_simulator
from tests.simulator.conftest import ACCOUNT, LINE, PUBLIC, STAFF, TOKEN, VOICE
from tests.simulator.test_page import some_settings


@pytest.fixture
def browser(chromium):
    return chromium


@pytest.fixture
def faults():
    return []


@pytest.fixture
def page(browser, company, double, faults):
    company.manual = False
    double.answers["/sms"] = "<Message>Hello. Answer 1 for a call.</Message>"
    double.answers["/voice"] = "<Gather numDigits='1' input='dtmf speech' action='/city/n'><Say>Press 1.</Say></Gather>"
    double.answers["/n"] = f"<Say>I will connect you.</Say><Dial action='/city/after'>{LINE}</Dial>"
    double.answers["/after"] = "<Gather input='speech' action='/city/said'><Say>Nobody was there.</Say></Gather>"
    double.answers["/said"] = lambda form: f"<Say>You said {form['SpeechResult']}.</Say>"
    address = company.serve(app=create_simulator(some_settings(), company=company))
    shown = browser.new_page(viewport={"width": 1280, "height": 800})
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    shown.goto(address)
    yield shown
    shown.close()


def test_a_text_is_sent_and_answered_by_keyboard(page, company):
    page.get_by_label("Text to 48726 from the resident's phone").fill("call me")
    page.keyboard.press("Enter")
    thread = page.get_by_role("log", name="Texts on the resident's phone")
    expect(thread.get_by_text("Answer 1 for a call.")).to_be_visible()
    assert company.received[0].body == "call me"
    assert thread.get_attribute("aria-live") == "polite"


def test_a_call_is_made_and_steered_by_keyboard(page, faults):
    resident = page.locator("#resident")
    resident.get_by_role("button", name="Call", exact=True).focus()
    page.keyboard.press("Enter")
    words = resident.get_by_role("log", name="Words of the call")
    expect(words.get_by_text("Press 1.")).to_be_visible()
    expect(resident.get_by_role("button", name="1", exact=True)).to_be_focused()
    page.keyboard.press("1")
    strip = page.get_by_role("region", name="Calls to other phones")
    expect(strip.get_by_text("Ringing (617) 555-0125")).to_be_visible()
    strip.get_by_role("button", name="No answer").click()
    expect(words.get_by_text("Nobody was there.")).to_be_visible()
    resident.get_by_label("Words to say").fill("please call")
    page.keyboard.press("Enter")
    expect(words.get_by_text("You said please call.")).to_be_visible()
    expect(resident.get_by_text("The call is over.")).to_be_visible()
    resident.get_by_role("button", name="Close").click()
    expect(words).to_be_hidden()
    assert faults == []


def test_staff_answer_a_call(page, company, double, rest_client):
    double.answers["/whisper"] = "<Gather numDigits='1'><Say>A callback.</Say></Gather>"
    rest_client.calls.create(to=STAFF, from_=VOICE, url=PUBLIC + "/whisper")
    staff = page.locator("#staff")
    expect(staff.get_by_text("(617) 555-0100 is calling")).to_be_visible()
    staff.get_by_role("button", name="Answer").click()
    expect(staff.get_by_text("A callback.")).to_be_visible()
    staff.get_by_role("button", name="Hang up").click()
    expect(staff.get_by_role("button", name="Close")).to_be_focused()


def test_another_number_is_another_person(page, company):
    number = page.get_by_label("Number").first
    number.fill("617 555 0142")
    page.keyboard.press("Enter")
    expect(number).to_have_value("+16175550142")
    page.get_by_label("Text to 48726 from the resident's phone").fill("hi")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answer 1 for a call.")).to_be_visible()
    assert company.received[0].from_ == "+16175550142"
    number.fill("nonsense")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").get_by_text("isn't a phone number")).to_be_visible()
    expect(number).to_have_value("+16175550142")


def test_a_fault_is_ordered(page, company):
    page.get_by_label("Next requests").select_option("500")
    page.get_by_role("button", name="Fail").click()
    expect(page.get_by_text("Still to come: 1 × 500")).to_be_visible()
    assert company.faults == [("500", 1)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_has_no_accessibility_faults(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_label("Text to 48726 from the resident's phone").fill("hi")
    page.keyboard.press("Enter")
    page.locator("#resident").get_by_role("button", name="Call", exact=True).click()
    page.locator("#resident").get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Ringing (617) 555-0125").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def rest_client(company, page):
    """twilio-python, pointed at the API beside the page."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = page.url.rstrip("/")
    client.http_client.session.trust_env = False
    return client
