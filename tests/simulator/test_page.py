"""The desk phone's web page: it refuses production and strangers, shows the state, carries out actions.

Not here: the page in a browser (test_page_browser.py).
"""

import json
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from bot.simulator.acts import CannotDoError, phone_number
from bot.simulator.page import RESIDENT as SHOWN_RESIDENT
from bot.simulator.page import create_company, create_simulator
from tests.simulator.conftest import ACCOUNT, LINE, PUBLIC, RESIDENT, SMS, STAFF, TOKEN, VOICE


def some_settings(**changes):
    """What the page reads of the settings."""
    values = {
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": SecretStr(TOKEN),
        "public_url": PUBLIC,
        "sms_numbers": [SMS, "+16175550101"],
        "voice_number": VOICE,
        "hotline_env": "development",
        "port": 8000,
    }
    return SimpleNamespace(**(values | changes))


@pytest.fixture
def client(company):
    return create_simulator(some_settings(), company=company).test_client()


@pytest.fixture
def act(client):
    def post(what, **more):
        answer = client.post("/act", json={"do": what, "phone": RESIDENT, **more})
        return answer.get_json()

    return post


def test_production_refuses(company):
    with pytest.raises(RuntimeError, match="does not run in production"):
        create_simulator(some_settings(hotline_env="production"), company=company)


def test_the_company_is_made_of_the_settings():
    made = create_company(some_settings())
    assert made.sms_number == SMS
    assert made.numbers == {SMS, "+16175550101", VOICE}
    assert made.timed
    made.close()


def test_the_page_needs_nothing_from_elsewhere(client):
    page = client.get("/")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Desk phone" in text
    assert VOICE in text
    assert "http://" not in text
    assert "https://" not in text
    assert "onclick" not in text
    assert "<style" not in text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for name in ("desk_phone.js", "desk_phone.css", "speech.js", "desk_phone.svg"):
        assert f"/static/{name}" in text
        assert client.get(f"/static/{name}").status_code == 200


def test_only_this_machine_may_use_it(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"Host": "[::1]:8001"}).status_code == 200
    assert client.post("/act", data={"do": "heal"}).status_code == 415
    assert client.post("/act", json=[1]).status_code == 400


def test_the_rest_api_is_beside_it(client, company):
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    form = {"To": STAFF, "From": SMS, "Body": "x"}
    assert client.post(path, data=form).status_code == 401
    assert client.post(path, data=form, auth=(ACCOUNT, TOKEN), headers={"Host": "simulator"}).status_code == 201
    state = client.get("/state").get_json()
    assert [text["body"] for text in state["staff"]["texts"]] == ["x"]


def test_a_text_and_its_answer_are_shown(act, double):
    double.answers["/sms"] = "<Message>Hello.</Message>"
    texts = act("text", body="call me")["resident"]["texts"]
    assert [(text["mine"], text["body"]) for text in texts] == [(True, "call me"), (False, "Hello.")]
    assert "error" in act("text", body="  ")


def test_a_call_is_shown_and_steered(act, double):
    double.answers["/voice"] = "<Gather input='dtmf speech' action='/city/n'><Say language='es-US'>Hola</Say></Gather>"
    double.answers["/n"] = lambda form: f"<Say>{form.get('Digits') or form.get('SpeechResult')}</Say>"
    call = act("call")["resident"]["call"]
    assert call["lines"] == [{"who": "hotline", "words": "Hola", "language": "es-US"}]
    assert call["asks"] == {"keys": True, "speech": True, "bounded": False, "timeout": 5}
    assert "error" in act("call")
    assert act("press", sid=call["sid"], keys="4")["resident"]["call"]["keyed"] == "4"
    assert act("press", sid=call["sid"], keys="#")["resident"]["call"]["over"]
    assert "over" in act("hang_up", sid=call["sid"])["error"]
    assert "error" in act("press", sid=call["sid"], keys="a")
    call = act("call")["resident"]["call"]
    assert act("say", sid=call["sid"], words="si")["resident"]["call"]["lines"][-1]["words"] == "si"
    call = act("call")["resident"]["call"]
    assert act("silence", sid=call["sid"])["resident"]["call"]["over"]
    call = act("call")["resident"]["call"]
    assert act("hang_up", sid=call["sid"])["resident"]["call"]["status"] == "completed"


def test_a_dial_to_an_outside_number_is_a_strip(act, double):
    double.answers["/voice"] = f"<Dial action='/city/after'>{LINE}</Dial>"
    double.answers["/after"] = lambda form: f"<Say>{form['DialCallStatus']}</Say>"
    for what, outcome in (("ignore", "no-answer"), ("busy", "busy")):
        state = act("call")
        assert state["resident"]["call"]["dialling"] == [LINE]
        (strip,) = state["outside"]
        assert (strip["number"], strip["ringing"]) == (LINE, True)
        state = act(what, sid=strip["sid"])
        assert state["resident"]["call"]["lines"][-1]["words"] == outcome
        assert state["outside"] == []
    strip = act("call")["outside"][0]
    state = act("answer", sid=strip["sid"])
    assert state["outside"][0]["ringing"] is False
    assert state["resident"]["call"]["bridged"]
    assert act("hang_up", sid=strip["sid"])["resident"]["call"]["lines"][-1]["words"] == "completed"


def test_a_call_to_staff_is_a_banner(act, double, company, rest):
    double.answers["/whisper"] = "<Gather numDigits='1'/>"
    rest.calls.create(to=STAFF, from_=VOICE, url=PUBLIC + "/whisper")
    company.settle()
    state = act("heal")
    (banner,) = state["staff"]["ringing"]
    assert banner["from"] == VOICE
    assert state["outside"] == []
    assert act("answer", sid=banner["sid"])["staff"]["call"]["asks"]["keys"]


def test_settings_and_faults_can_be_ordered(act, company):
    act("when_rung", value="busy")
    act("text_error", value="30003")
    assert company.phone(RESIDENT).when_rung == "busy"
    assert company.phone(RESIDENT).text_error == 30003
    act("when_rung", value="nonsense")
    act("text_error", value="")
    assert company.phone(RESIDENT).when_rung == "ring"
    assert company.phone(RESIDENT).text_error is None
    assert act("fault", kind="429", times=2)["faults"] == [{"kind": "429", "times": 2}]
    assert act("heal")["faults"] == []
    for wrong in ({"kind": "flood"}, {"kind": "429", "times": 0}, {"kind": "429", "times": "many"}):
        assert "error" in act("fault", **wrong)
    assert "error" in act("text_error", value="x")
    assert "error" in act("dance")


def test_texts_to_other_phones_are_listed(act, company, rest):
    rest.messages.create(to="+16175550160", from_=SMS, body="for the supervisor")
    assert [text["body"] for text in act("heal")["elsewhere"]] == ["for the supervisor"]


def test_complaints_are_listed(act, double):
    double.answers["/sms"] = 500
    assert "11200" in act("text", body="x")["notes"][0]


@pytest.mark.parametrize(
    ("written", "number"),
    [("617 555 0107", RESIDENT), ("(617) 555-0107", RESIDENT), ("1 617 555 0107", RESIDENT), (RESIDENT, RESIDENT),
     ("Anonymous", "anonymous"), ("+442079460000", "+442079460000")],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(written, number):
    assert phone_number(written) == number


def test_odd_numbers_are_refused(client):
    with pytest.raises(CannotDoError):
        phone_number("hello")
    answer = client.get("/state?resident=hello")
    assert answer.status_code == 400
    assert "phone number" in json.loads(answer.data)["error"]
    assert client.get("/state").get_json()["resident"]["number"] == SHOWN_RESIDENT
