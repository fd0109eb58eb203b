"""Numbers as people write them: which are read, which are refused and why, and that nothing breaks the reading."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.phone import E164, read_number, spoken, written

ONE = "+16175550142"


@pytest.mark.parametrize(
    "text",
    [
        "617-555-0142",
        "(617)5550142",
        "617/555/0142",
        "617_555_0142",
        "1-617-555-0142",
        "+1.617.555.0142",
        "+617 555 0142",
        "001 617 555 0142",
        "6 1 7 5 5 5 0 1 4 2",
        "617, 555, 0142",
        "617\n555\n0142",
        "1*617*555*0142##",
        "you can reach me on 617 555 0142, ask for Dee",
        "617-555-O142",
        "6\ufe0f\u20e31\ufe0f\u20e37\ufe0f\u20e3 555 0142",
        "\u202a617\u2011555\u20110142\u202c",
        "\u0666\u0661\u0667 \u0665\u0665\u0665 \u0660\u0661\u0664\u0662",
        "６１７－５５５－０１４２",
        "six one seven triple five zero one four two",
        "it's six one seven five five five oh one forty two",
        "seis uno siete, cinco cinco cinco, cero uno cuatro dos",
        "meia um sete cinco cinco cinco zero um quatro dois",
        "six un sept cinq cinq cinq zéro un quatre deux",
        "sis en sèt senk senk senk zewo en kat de",
        "sáu một bảy năm năm năm không một bốn hai",
        "六一七五五五零一四二",
        "try after 7 at 617 555 0142",
        "between 4 and 5 617 555 0142",
        "5:30pm 617 555 0142",
        "617 555 0142 before 9am",
        "617 555 0142, apt 12",
        "12/24 617-555-0142",
        "617 555 0142 or 617 555 0142",
        "not this phone. 617 555 0142",
    ],
)
def test_reads_every_way_of_writing_one_number(text: str) -> None:
    reading = read_number(text)
    assert (reading.e164, reading.reason) == (ONE, "ok")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "none"),
        ("yes", "none"),
        ("1", "none"),
        ("i'm 34 and my son is 9", "none"),
        ("apartment 617, third floor", "none"),
        ("it was $1,200 on 3/14/2025", "none"),
        ("02119", "none"),
        ("911", "emergency"),
        ("just call 911", "emergency"),
        ("9-8-8 is 988", "crisis"),
        ("311", "service"),
        ("617 555 1212", "service"),
        ("27463", "short_code"),
        ("900-555-0142", "premium"),
        ("617 976 0142", "premium"),
        ("+52 55 1234 5678", "abroad"),
        ("011 44 20 7946 0958", "abroad"),
        ("809 555 0142", "abroad"),
        ("416 555 0142", "abroad"),
        ("555 0142", "area_code"),
        ("617 555 014", "too_short"),
        ("617 555 01422", "too_long"),
        ("617 555 0142 8", "too_long"),
        ("617 555 0142 / 857 555 0142", "two_numbers"),
        ("617 555 0142 or 555 0199", "two_numbers"),
        ("117 555 0142", "invalid"),
        ("617 155 0142", "invalid"),
        ("617 911 0142", "invalid"),
        ("500 555 0142", "invalid"),
    ],
)
def test_refuses_with_a_reason(text: str, reason: str) -> None:
    reading = read_number(text)
    assert (reading.e164, reading.reason) == (None, reason)


@pytest.mark.parametrize("text", ["787 555 0142", "671 555 0142", "(340) 555-0142", "888-555-0142"])
def test_the_territories_and_toll_free_can_be_called(text: str) -> None:
    assert read_number(text).reason == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "This one",
        "same number please",
        "the number i'm texting from",
        "my phone",
        "este número",
        "el mismo",
        "nimewo sa a",
        "menm nimewo",
        "este número mesmo",
        "es numeru",
        "số này",
        "so nay",
        "这个号码",
        "就这个",
        "ce numéro",
        "mon portable",
    ],
)
def test_this_phone_is_the_same_number(text: str) -> None:
    reading = read_number(text)
    assert (reading.e164, reading.reason) == (None, "same")


@pytest.mark.parametrize("text", ["not this number", "don't call my phone", "a different number", "no es mi numero"])
def test_not_this_phone_is_no_answer(text: str) -> None:
    assert read_number(text).reason == "none"


@pytest.mark.parametrize(
    "text", ["617-555-0142 ext. 12", "617-555-0142 x12", "6175550142 #12", "(617) 555-0142 ramal 12"]
)
def test_keeps_an_extension_apart(text: str) -> None:
    reading = read_number(text)
    assert (reading.e164, reading.extension) == (ONE, "12")


def test_our_own_number_is_refused() -> None:
    assert read_number("617 555 0142", own=[ONE]).reason == "own"
    assert read_number("617 555 0143", own=[ONE]).reason == "ok"


def test_a_number_does_not_print() -> None:
    number = read_number("617 555 0142").e164
    assert number is not None
    assert "5550" not in repr(number)
    assert "5550" not in repr(read_number("617 555 0142"))
    assert str(number) == ONE
    assert json.dumps(number) == f'"{ONE}"'


def test_is_written_and_spoken_in_groups() -> None:
    assert written(E164(ONE)) == "(617) 555-0142"
    assert spoken(E164(ONE)) == "6 1 7, 5 5 5, 0 1 4 2"


_AREAS = st.sampled_from(["617", "857", "339", "781", "508", "774", "202", "787", "800", "212"])
_LINES = st.integers(100, 199).map(lambda last: f"0{last}")
_GAPS = st.sampled_from(["", " ", "-", ".", " - ", "*", "/", ") ", "\u2011", "\N{NO-BREAK SPACE}"])
_BEFORE = st.sampled_from(["", "+1", "1 ", "1-", "call ", "my number is ", "after 6 at ", "número: ", "(", "电话"])
_AFTER = st.sampled_from(["", " thanks", ".", "!", "#", " after 6pm", " (cell)", "\n", " ok?"])
_SCRIPTS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])


@given(_AREAS, _LINES, _GAPS, _GAPS, _BEFORE, _AFTER, _SCRIPTS)
def test_any_formatting_of_a_number_reads_back(
    area: str, line: str, gap: str, other: str, before: str, after: str, script: str
) -> None:
    text = f"{before}{area}{gap}555{other}{line}{after}".translate(str.maketrans("0123456789", script))
    reading = read_number(text)
    assert (reading.e164, reading.reason) == (f"+1{area}555{line}", "ok")
    assert read_number(written(E164(f"+1{area}555{line}"))).e164 == reading.e164
    assert read_number(spoken(E164(f"+1{area}555{line}"))).e164 == reading.e164


@given(st.text(st.characters(), max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    read_number(text)


@given(st.text("0123456789+-() x#*.,/oO:", max_size=60))
def test_no_digits_break_it_and_only_plain_numbers_come_out(text: str) -> None:
    number = read_number(text).e164
    assert number is None or (len(number) == 12 and number.startswith("+1") and number[2] in "23456789")


@pytest.mark.parametrize("text", ["1" * 10_000, "617 555 0142 " * 800, "\0\ud800" * 5000, "six " * 2500, "( " * 5000])
def test_long_and_broken_input_is_answered(text: str) -> None:
    read_number(text)


def test_the_filter_answers_every_line() -> None:
    lines = '{"text": "617 555 0142"}\n{"text": "this one"}\nnot json\n{"text": "\\ud83d 911"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "flows.phone"], input=lines, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["e164"], a["reason"]) for a in answers] == [
        (ONE, "ok"),
        (None, "same"),
        (None, "invalid"),
        (None, "emergency"),
    ]
