"""The number that is kept is the one that the person agreed to last, and no other."""

import pytest

from tests.edge.wire import ANA, Wire
from workers.jobs import Kit

THEIRS, OTHER = ANA, "617 555 0199"
ROADS: list[tuple[str, list[str], str]] = [
    ("their own", ["call me", "1"], "0107"),
    ("another", ["call me", "2", OTHER, "1"], "0199"),
    ("another, corrected", ["call me", "2", "617 555 0198", "2", OTHER, "1"], "0199"),
    ("another, then their own after all", ["call me", "2", OTHER, "2", "back", "1"], "0107"),
    ("another, not agreed to, and asked anew", ["call me", "2", OTHER, "call me", "1"], "0107"),
    ("another, not agreed to, by the menu", ["call me", "2", OTHER, "menu", "1", "1"], "0107"),
    ("one inside words", ["call me on 617 555 0199", "1"], "0199"),
    ("changed afterwards", ["call me", "1", "menu", "change my number", OTHER, "1"], "0199"),
]


@pytest.mark.parametrize("on_shift", [True, False])
@pytest.mark.parametrize(("road", "texts", "ends_in"), ROADS, ids=[road[0] for road in ROADS])
def test_the_number_that_was_agreed_to_is_called(wire: Wire, kit: Kit, road: str, texts: list[str], ends_in: str,
                                                 on_shift: bool) -> None:  # fmt: skip
    if not on_shift:
        kit.store.client.srem("staff:on", "sam")
    said = ""
    for text in texts:
        said = wire.text(text).words
        if "no set time" in said:
            said = wire.text("1").words
    (callback,) = kit.ledger.page().callbacks
    assert callback.reveal(kit.vault, "phone")[-4:] == ends_in
    assert f"555-{ends_in}" in said
    assert callback.promised is on_shift


def test_a_yes_after_a_pause_does_not_fall_back_to_a_phone_that_they_did_not_choose(wire: Wire, kit: Kit) -> None:
    """They chose another number: this phone may be the one that is watched."""
    kit.store.client.srem("staff:on", "sam")
    for text in ("call me", "2", OTHER, "1"):
        wire.text(text)
    kit.store.client.incrbyfloat("test:clock", 16 * 60)
    wire.text("1")
    assert all(cb.reveal(kit.vault, "phone").endswith("0199") for cb in kit.ledger.page().callbacks)


def test_no_callback_without_a_number(wire: Wire, kit: Kit) -> None:
    kit.store.client.srem("staff:on", "sam")
    for text in ("call me", OTHER, "1"):
        wire.text(text, From="whatsapp:" + ANA)
    kit.store.client.incrbyfloat("test:clock", 16 * 60)
    assert "We have ." not in wire.text("1", From="whatsapp:" + ANA).words
    assert all(cb.reveal(kit.vault, "phone") for cb in kit.ledger.page().callbacks)
