"""How well messages are understood: every tuned one, and figures for those kept aside."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.understand import understand

_FILE = Path(__file__).with_name("messages.psv")
_NAMES_DANGER = {"emergency_911", "crisis_988"}


@dataclass(frozen=True)
class Row:
    language: str
    text: str
    accepted: frozenset[str]
    danger: bool
    forbidden: frozenset[str]
    aside: bool


def _rows() -> list[Row]:
    rows, aside = [], False
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            aside = aside or ("kept aside" in line and line.startswith("# kept"))
        elif line.strip():
            language, text, accepted, danger, forbidden = line.split("|")
            forbids = frozenset(filter(None, forbidden.split(",")))
            rows.append(Row(language, text, frozenset(accepted.split(",")), danger == "1", forbids, aside))
    return rows


ROWS = _rows()
TUNED = [row for row in ROWS if not row.aside]
ASIDE = [row for row in ROWS if row.aside]


def _right(row: Row) -> bool:
    return understand(row.text).labels[0] in row.accepted


def _named(row: Row) -> bool:
    got = understand(row.text)
    return got.danger and bool(_NAMES_DANGER.intersection(got.labels))


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


@pytest.mark.parametrize("row", [row for row in TUNED if row.danger], ids=lambda row: row.text[:50])
def test_no_message_of_danger_is_missed(row: Row) -> None:
    assert _named(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row.forbidden], ids=lambda row: row.text[:50])
def test_no_message_goes_where_it_must_not(row: Row) -> None:
    labels = understand(row.text).labels
    if row.aside and labels[0] in row.forbidden and not row.danger:
        pytest.xfail("kept aside, so not mended")
    assert labels[0] not in row.forbidden
    assert "stop" not in row.forbidden or "stop" not in labels


@pytest.mark.parametrize("row", [row for row in ROWS if "stop" in row.accepted], ids=lambda row: row.text)
def test_opting_out_is_always_understood(row: Row) -> None:
    assert understand(row.text).labels[0] in row.accepted


def test_hardly_any_calm_message_raises_an_alarm() -> None:
    calm = [row for row in TUNED if not row.danger and not row.accepted & _NAMES_DANGER]
    assert _share([understand(row.text).danger for row in calm]) < 0.01


@pytest.mark.parametrize(("english", "least"), [(True, 0.985), (False, 0.98)])
def test_tuned_messages_reach_their_service(english: bool, least: float) -> None:
    assert _share([_right(row) for row in TUNED if (row.language == "en") is english]) >= least


@pytest.mark.parametrize(("english", "least"), [(True, 0.96), (False, 0.96)])
def test_messages_kept_aside_reach_their_service(english: bool, least: float) -> None:
    assert _share([_right(row) for row in ASIDE if (row.language == "en") is english]) >= least


def test_danger_kept_aside_is_recognised() -> None:
    assert _share([_named(row) for row in ASIDE if row.danger]) >= 0.97


def test_the_language_of_a_message_is_seen() -> None:
    others = [row for row in ROWS if row.language != "en" and len(row.text) > 12]
    assert _share([understand(row.text).language == row.language for row in others]) >= 0.95
