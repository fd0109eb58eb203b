"""Coming in and going out: passwords, lock-out, and what kills a login."""

import pytest

from bot.console import sessions
from tests.console.builders import PASSWORD, Browser, an_account

NEW = "quiet rivers bend slowly"


def is_in(browser: Browser) -> bool:
    return browser.client.get("/staff").status_code == 200


def cookie_of(browser: Browser) -> str:
    found = browser.client.get_cookie("__Host-hotline")
    return found.value if found else ""


def with_cookie(app, value: str) -> Browser:
    copy = Browser(app)
    copy.client.set_cookie("__Host-hotline", value, secure=True)
    return copy


def test_without_a_login_every_page_leads_to_the_door(browser):
    answer = browser.get("/staff")
    assert answer.status_code == 303
    assert answer.location == "/staff/login?next=/staff"


def test_a_right_password_leads_to_the_page_that_was_asked_for(kit, browser):
    an_account(kit, "ana", "supervisor")
    browser.get("/staff/roster")
    browser.get("/staff/login?next=/staff/roster")
    answer = browser.post("/staff/login", login="ana", password=PASSWORD, next="/staff/roster")
    assert (answer.status_code, answer.location) == (303, "/staff/roster")
    assert is_in(browser)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/staff/../../evil", "/staff//evil.example",
     "/staffing", "javascript:alert(1)", "/staff/login\r\nSet-Cookie: a=b", "\t//evil.example", "http:evil", ""],
)  # fmt: skip
def test_no_login_leads_elsewhere(kit, browser, wanted):
    an_account(kit, "ana")
    browser.get("/staff/login", query_string={"next": wanted})
    assert browser.post("/staff/login", login="ana", password=PASSWORD, next=wanted).location == "/staff"


def test_an_unknown_login_and_a_wrong_password_get_the_same_words(kit, browser):
    an_account(kit, "ana")
    browser.get("/staff/login")
    wrong = browser.post("/staff/login", login="ana", password="not the password")
    unknown = browser.post("/staff/login", login="nobody", password="not the password")
    assert wrong.status_code == unknown.status_code == 401

    def words(answer):
        return [
            line for line in answer.get_data(as_text=True).splitlines() if "csrf" not in line and "value=" not in line
        ]

    assert words(wrong) == words(unknown)


def test_a_shut_account_gets_the_words_of_a_wrong_password(kit, browser):
    an_account(kit, "ana")
    kit.roster.disable("ana")
    browser.get("/staff/login")
    assert browser.post("/staff/login", login="ana", password=PASSWORD).status_code == 401


def test_guessing_is_stopped_even_with_the_right_password_at_last(kit, browser):
    an_account(kit, "ana")
    browser.get("/staff/login")
    for _ in range(5):
        assert browser.post("/staff/login", login="ana", password="guess").status_code == 401
    answer = browser.post("/staff/login", login="ana", password=PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "too many" in answer.get_data(as_text=True)


def test_one_who_is_locked_out_locks_nobody_else_out(kit, app, browser):
    an_account(kit, "ana")
    an_account(kit, "ben")
    browser.get("/staff/login")
    for _ in range(6):
        browser.post("/staff/login", login="ana", password="guess")
    assert browser.post("/staff/login", login="ben", password=PASSWORD).status_code == 303
    elsewhere = Browser(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    elsewhere.log_in("ana")


def test_guessing_from_many_addresses_is_stopped_for_the_account(kit, browser):
    an_account(kit, "ana")
    browser.get("/staff/login")
    codes = []
    for n in range(61):
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}"
        codes.append(browser.post("/staff/login", login="ana", password="").status_code)
    assert codes == [401] * 60 + [429]


def test_no_name_and_no_address_is_kept_by_the_lock(kit, browser):
    browser.get("/staff/login")
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    browser.post("/staff/login", login="ana-with-a-name", password="guess")
    keys = b" ".join(kit.store.client.keys("*"))
    assert b"LIMIT" in keys
    assert b"ana-with" not in keys
    assert b"203.0.113.9" not in keys


def test_a_first_password_is_changed_before_anything_else(kit, app):
    first = an_account(kit, "ana", first=True)
    browser = Browser(app)
    browser.get("/staff/login")
    assert browser.post("/staff/login", login="ana", password=first).location == "/staff/password"
    for path in ("/staff", "/staff/ended", "/staff/roster"):
        assert browser.get(path).location == "/staff/password"
    assert browser.get("/staff/queue").status_code == 401
    browser.get("/staff/password")
    assert browser.post("/staff/shift", on="1").location == "/staff/password"
    answer = browser.post("/staff/password", present=first, new=NEW)
    assert answer.location == "/staff"
    assert is_in(browser)
    assert not kit.roster.get("ana").must_change


@pytest.mark.parametrize(
    ("present", "new", "why"),
    [
        ("wrong", NEW, "not right"),
        (PASSWORD, "short one", "15 to 256"),
        (PASSWORD, PASSWORD, "another one"),
        (PASSWORD, "abababababababab", "too easy"),
        (PASSWORD, "my name is ana ana", "too easy"),
        (PASSWORD, "x y" * 100, "15 to 256|too easy"),
    ],
)
def test_a_poor_new_password_is_refused_with_a_reason(logged_in, present, new, why):
    browser = logged_in("ana")
    answer = browser.post("/staff/password", present=present, new=new)
    assert answer.status_code == 400
    assert any(w in answer.get_data(as_text=True) for w in why.split("|"))
    assert is_in(browser)


def test_a_new_password_ends_every_other_login(kit, app, logged_in):
    here = logged_in("ana")
    there = Browser(app).log_in("ana")
    assert here.post("/staff/password", present=PASSWORD, new=NEW).status_code == 303
    assert is_in(here)
    assert not is_in(there)


def test_a_shut_account_is_out_at_once(kit, logged_in):
    browser = logged_in("ana")
    kit.roster.disable("ana")
    assert not is_in(browser)
    assert browser.client.get("/staff/queue").status_code == 401
    kit.roster.disable("ana", False)
    assert not is_in(browser)


def test_a_changed_role_counts_at_once(kit, logged_in):
    browser = logged_in("ana", "supervisor")
    assert browser.get("/staff/roster").status_code == 200
    kit.store.client.hset("staff:ana", "role", "responder")
    assert browser.get("/staff/roster").status_code == 403


def test_a_copy_of_the_cookie_is_worth_nothing_after_logging_out(app, logged_in):
    browser = logged_in("ana")
    thief = with_cookie(app, cookie_of(browser))
    assert is_in(thief)
    answer = browser.post("/staff/logout")
    assert answer.location == "/staff/login"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_in(browser)
    assert not is_in(thief)


def test_a_cookie_planted_before_logging_in_gains_nothing(kit, app, browser):
    an_account(kit, "ana")
    browser.get("/staff/login")
    planted, token = cookie_of(browser), browser.token
    browser.post("/staff/login", login="ana", password=PASSWORD)
    assert cookie_of(browser) != planted
    assert not is_in(with_cookie(app, planted))
    browser.token = token
    assert browser.post("/staff/shift", on="0").status_code == 400


def test_nobody_at_the_page_for_half_an_hour_is_logged_out(logged_in, monkeypatch):
    browser = logged_in("ana")
    start = sessions.now()
    monkeypatch.setattr(sessions, "now", lambda: start + 29 * 60)
    assert is_in(browser)
    monkeypatch.setattr(sessions, "now", lambda: start + 58 * 60)
    assert is_in(browser)
    monkeypatch.setattr(sessions, "now", lambda: start + 89 * 60)
    assert not is_in(browser)


def test_a_page_that_asks_by_itself_is_no_sign_of_life_but_a_key_press_is(logged_in, monkeypatch):
    browser = logged_in("ana")
    start = sessions.now()
    for minutes, headers, code in [(20, {}, 200), (29, {"X-Active": "1"}, 200), (58, {}, 200), (60, {}, 401)]:
        monkeypatch.setattr(sessions, "now", lambda m=minutes: start + m * 60)
        assert browser.client.get("/staff/queue", headers=headers).status_code == code, minutes


def test_after_twelve_hours_everybody_logs_in_again(logged_in, monkeypatch):
    browser = logged_in("ana")
    start = sessions.now()
    for minutes in range(20, 12 * 60, 20):
        monkeypatch.setattr(sessions, "now", lambda m=minutes: start + m * 60)
        assert is_in(browser)
    monkeypatch.setattr(sessions, "now", lambda: start + 12 * 3600 + 1)
    assert not is_in(browser)


def test_every_login_has_a_time_to_live_in_the_store(kit, logged_in):
    logged_in("ana")
    keys = kit.store.client.keys("web:*")
    assert len(keys) == 1
    assert 0 < kit.store.client.ttl(keys[0]) <= sessions.IDLE_SECONDS + 60


def test_a_signed_cookie_of_another_secret_is_no_login(kit, app, logged_in):
    browser = logged_in("ana")
    forged = cookie_of(browser)[:-4] + "AAAA"
    assert not is_in(with_cookie(app, forged))
