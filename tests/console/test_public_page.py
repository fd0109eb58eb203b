"""The public page: what people, carriers and reporters may ask, answered in plain words."""

import re
from html import unescape

import pytest

from flows.words import catalogue


@pytest.fixture
def page(browser):
    return browser.get("/")


@pytest.fixture
def text(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_it_sets_no_cookie_and_loads_nothing_from_elsewhere(page):
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    loaded = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page.text)
    assert all(address.startswith(("/public/", "data:")) for address in loaded)


def test_it_names_the_numbers_first(kit, text):
    numbers = ("911", "988", "48726", "(617) 555-0100", kit.directory.live_line.written_phone)
    for number in numbers:
        assert number in text
    assert text.index("911") < text.index("988") < text.index("48726")


@pytest.mark.parametrize(
    "words",
    ["Calls are not recorded", "words of your texts are not stored", "delete all this 7 days after",
     "message frequency varies", "Message and data rates may apply", "Text STOP", "Text HELP", "Text CLEAR",
     "phone bill may show",
     "not the police",
     "are not shared with third parties or affiliates for marketing", "Carriers are not liable", "within 30 minutes",
     "sets no cookies", "Leave this page"],
)  # fmt: skip
def test_it_answers_what_must_be_answered(text, words):
    assert words in text


def test_it_says_who_runs_each_service(kit, text):
    for record in kit.directory.all:
        if record.phone and record.id != kit.directory.live_line_id:
            assert f"{record.name} . {record.purpose} Run by {record.run_by}." in text


def test_leaving_goes_to_a_neutral_page_and_tells_it_nothing(page):
    link = re.search(r"<a [^>]*data-leave[^>]*>", page.text).group(0)
    assert "https://www.weather.gov/" in link
    assert "noreferrer" in link


def test_its_own_words_are_easy_to_read(page):
    """Grade 6 by Flesch-Kincaid over the whole page, the terms that carriers prescribe included."""
    body = page.text.split("Other help in")[0]
    body = re.sub(r"</(p|li|h1|h2)>", ". ", body.split("<main", 1)[1].split(">", 1)[1])
    plain = re.sub(r"\(?\d[\d() -]+\d", " number ", unescape(re.sub(r"<[^>]+>", " ", body)))
    sentences = [s for s in re.split(r"[.?!:]\s", plain) if re.search(r"[a-z]{2}", s)]
    tokens = re.findall(r"[A-Za-z']+", plain)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w.lower())))) for w in tokens)
    grade = 0.39 * len(tokens) / len(sentences) + 11.8 * syllables / len(tokens) - 15.59
    assert grade < 6.5, grade


@pytest.mark.parametrize("language", ["es", "ht", "pt", "kea", "vi", "zh", "fr"])
def test_it_is_there_in_every_language_by_address_and_by_the_browsers_wish(browser, kit, language):
    words = catalogue(language, "page")
    tag = "zh-Hans" if language == "zh" else language
    for page in (browser.get(f"/in/{language}"), browser.get("/", headers={"Accept-Language": f"{tag},en;q=0.5"})):
        assert page.status_code == 200
        assert f'<html lang="{tag}">' in page.text
        text = unescape(page.text)
        assert words["keep.calls"] in text
        assert words["leave"] in text
        assert kit.directory.told(kit.directory.records["dvu"], "purpose", language) in text
        assert "Set-Cookie" not in page.headers
        assert "Accept-Language" in page.headers["Vary"]
        assert text.index("911") < text.index("988") < text.index("48726")


@pytest.mark.parametrize("wish", ["zh-CN", "zh-TW,zh;q=0.9", "zh-Hans-CN"])
def test_chinese_is_chinese_however_the_browser_calls_it(browser, wish):
    assert '<html lang="zh-Hans">' in browser.get("/", headers={"Accept-Language": wish}).text


def test_a_language_that_we_do_not_write_is_answered_in_english(browser):
    assert '<html lang="en">' in browser.get("/", headers={"Accept-Language": "xx"}).text
    assert browser.get("/in/xx").status_code == 404


def test_each_language_is_named_in_itself(page):
    for name in ("Español", "Kreyòl ayisyen", "Tiếng Việt", "中文"):
        assert f">{name}</a>" in page.text
