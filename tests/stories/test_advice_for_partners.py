"""A worker of a partner organization asks for advice: a path of its own, and staff see it before they call."""

from tests.stories.test_staff_call_back import rung
from tests.world import World


def test_a_partner_asks_for_advice_by_words_and_staff_know_it(world: World) -> None:
    phone = world.resident()
    said = " ".join(phone.text("we are a nonprofit, can we get a consultation for our staff"))
    assert "advise your team" in said
    phone.text("1")
    phone.text("1")
    assert (world.callback().team, world.callback().asked_for) == ("trauma_line", "consultation")
    assert "They asked for consultation for partner organizations" in rung(world).heard


def test_a_partner_reaches_it_by_keys_on_both_channels(world: World) -> None:
    phone = world.resident()
    for digit in "88":
        said = " ".join(phone.text("hello" if digit == "h" else digit))
    assert "advise your team" in said
    call = world.resident("+16175550108").call()
    for key in "453":
        call.press(key)
    assert "advise your team" in call.heard
    call.press("3")
    call.press("1")
    assert [callback.asked_for for callback in world.callbacks()] == ["consultation"]


def test_who_asks_for_support_is_not_shown_as_a_partner(world: World) -> None:
    phone = world.resident()
    for words in ("consultation", "menu", "sexual assault unit", "1", "1"):
        phone.text(words)
    assert world.callback().asked_for == ""
    assert "They asked for" not in rung(world).heard


def test_staff_may_say_who_called_only_where_that_was_allowed(world: World) -> None:
    phone = world.resident()
    for words in ("call me", "1", "2", "3"):
        phone.text(words)
    assert "say who called" in rung(world).heard
