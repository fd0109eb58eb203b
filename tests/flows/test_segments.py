"""What a text costs: alphabet, units and parts by 3GPP TS 23.038 and Twilio's own counter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.segments import fold, outside_gsm, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("GSM-7", 0, 1)),
        ("a" * 160, ("GSM-7", 160, 1)),
        ("a" * 161, ("GSM-7", 161, 2)),
        ("a" * 306, ("GSM-7", 306, 2)),
        ("a" * 307, ("GSM-7", 307, 3)),
        ("è ñ ò à ü Ç É", ("GSM-7", 13, 1)),
        ("€" * 80, ("GSM-7", 160, 1)),
        ("€" * 80 + "a", ("GSM-7", 161, 2)),
        ("ç", ("UCS-2", 1, 1)),
        ("í" * 70, ("UCS-2", 70, 1)),
        ("í" * 71, ("UCS-2", 71, 2)),
        ("í" * 134, ("UCS-2", 134, 2)),
        ("í" * 135, ("UCS-2", 135, 3)),
        ("\N{SLIGHTLY SMILING FACE}", ("UCS-2", 2, 1)),
        ("it’s", ("UCS-2", 4, 1)),
    ],
)
def test_counts_encoding_units_and_parts(text: str, expected: tuple[str, int, int]) -> None:
    assert tuple(segments(text)) == expected


def test_a_character_of_two_septets_is_not_cut_between_parts() -> None:
    assert segments("a" * 152 + "€" + "a" * 152).parts == 3
    assert segments("a" * 153 + "€" + "a" * 151).parts == 2


def test_an_emoji_is_not_cut_between_parts() -> None:
    face = "\N{SLIGHTLY SMILING FACE}"
    assert segments("í" * 66 + face + "í" * 66).parts == 3


def test_names_what_forces_the_long_alphabet() -> None:
    assert outside_gsm("(617) 555-0123, 3:42 PM") == set()
    assert outside_gsm("São João") == {"ã"}


@given(st.text())
def test_parts_grow_with_the_text_and_never_fail(text: str) -> None:
    assert segments(text).parts <= segments(text + "a").parts
    assert segments(text).units >= len(text)


def test_folding_keeps_what_gsm_has_and_vietnamese_loses_all_accents_or_none() -> None:
    assert fold("después, más niños") == "después, mas niños"
    assert fold("Đường dây tình dục ở nhà à", whole=True) == "Duong day tinh duc o nha a"
    assert segments(fold("“Đường dây” – ở nhà", whole=True)).encoding == "GSM-7"
