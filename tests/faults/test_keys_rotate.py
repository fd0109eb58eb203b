"""Keys are rotated in service: what the old one sealed is read as long as it is listed, and the new one seals."""

from collections import Counter

import pytest

from bot.twilio import create_edge
from tests.conftest import key
from tests.edge.conftest import open_for_promises
from tests.edge.wire import Wire
from workers.jobs import Kit
from workers.settings import load_settings

OLD, NEW = key(), key()


class Deployment:
    """Web processes of one deployment, each started with other keys."""

    def __init__(self, environ: dict[str, str], counted: Counter[str]):
        self.environ, self.counted = environ, counted

    def with_keys(self, *keys: str) -> tuple[Kit, Wire]:
        kit = Kit(load_settings({**self.environ, "DATA_KEY": ",".join(keys)}))
        kit.store.load()
        open_for_promises(kit)
        return kit, Wire(create_edge(kit), self.counted)


@pytest.fixture
def deployment(environ: dict[str, str], counted: Counter[str]) -> Deployment:
    return Deployment(environ, counted)


def test_a_conversation_goes_on_over_the_rotation(deployment: Deployment) -> None:
    _, before = deployment.with_keys(OLD)
    sid = "SM" + "1" * 32
    said = before.text("call me", sid)
    kit, during = deployment.with_keys(NEW, OLD)
    assert during.text("call me", sid) == said
    assert during.text("1").times
    assert [cb.reveal(kit.vault, "phone") for cb in kit.ledger.page().callbacks] == ["+16175550107"]
    assert kit.ledger.check() == []
    _, mixed = deployment.with_keys(OLD, NEW)  # a process that has not been restarted with the new order yet
    assert mixed.text("1").words
    assert deployment.counted["safe_answers"] == 0


def test_what_is_written_during_the_rotation_needs_the_old_key_no_more(deployment: Deployment) -> None:
    _, during = deployment.with_keys(NEW, OLD)
    during.text("call me")
    during.text("1")
    kit, after = deployment.with_keys(NEW)
    assert after.text("status").times
    assert kit.ledger.check() == []


def test_an_old_key_that_was_taken_away_too_soon_is_named_and_the_person_begins_anew(deployment: Deployment) -> None:
    _, before = deployment.with_keys(OLD)
    before.text("call me")
    before.text("1")
    kit, after = deployment.with_keys(NEW)
    assert [what for what, _ in kit.ledger.check()] == ["number sealed by a key that is not in DATA_KEY"]
    assert after.text("hello").words
    assert after.text("status").times  # their callback stands, and its time needs no key
    again, _ = deployment.with_keys(NEW, OLD)  # the operator puts it back
    assert again.ledger.check() == []
    assert deployment.counted["safe_answers"] == 0


def test_another_lookup_key_finds_nobody_and_mixes_nobody_up(deployment: Deployment) -> None:
    _, before = deployment.with_keys(OLD)
    before.text("call me")
    before.text("1")
    deployment.environ["LOOKUP_KEY"] = key()
    kit, after = deployment.with_keys(OLD)
    assert "911" in after.text("hello").words[:120]
    assert after.text("status").times == []
    assert kit.ledger.check() == []
