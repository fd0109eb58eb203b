"""Backup and restore: all of it comes back, for holders of the keys alone, or nothing is touched."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.builders import NAME, PHONE, a_callback, a_colleague
from tests.commands.conftest import Terminal, terminal_of
from tests.conftest import environment, free_port, key, start_valkey
from workers.jobs import Kit
from workers.sealed_file import PIECE, SealedFileError, read_sealed, write_sealed
from workers.settings import load_settings


@pytest.fixture(scope="module")
def other_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    server = start_valkey(port, str(tmp_path_factory.mktemp("other")))
    yield port
    server.kill()
    server.wait()


def _kit(kit: Kit, port: int, **more: str) -> Kit:
    """The same hotline on another store, unless told otherwise."""
    s = kit.settings
    same = {
        "DATA_KEY": ",".join(k.get_secret_value() for k in s.data_keys),
        "LOOKUP_KEY": s.lookup_key.get_secret_value(),
    }
    made = Kit(load_settings(environment(port, **(same | more))))
    made.store.load()
    return made


@pytest.fixture
def new_home(kit: Kit, other_port: int) -> Kit:
    made = _kit(kit, other_port)
    made.store.client.flushall()
    return made


def _all(kit: Kit) -> dict[bytes, tuple[int, bytes]]:
    client = kit.store.client
    return {k: (client.pexpiretime(k), client.dump(k)) for k in client.scan_iter() if not k.startswith((b"rq:", b"m:"))}


def _lived_in(kit: Kit) -> str:
    a_colleague(kit)
    one = a_callback(kit)
    kit.ledger.attempt(one, "no_answer", "a note", "alex")
    kit.ledger.close(a_callback(kit), "reached")
    kit.store.client.set("rq:queue:x", "job")
    kit.store.client.set("opt:someone", "1")
    return one


def test_everything_comes_back_with_its_time_to_live(
    terminal: Terminal, kit: Kit, new_home: Kit, tmp_path: Path
) -> None:
    one, file = _lived_in(kit), tmp_path / "hotline.backup"
    kit.store.client.set("s:old", "session", px=50)
    assert terminal.run(f"backup {file}").exit_code == 0
    before = _all(kit)
    new_home.store.beat("worker")  # the hotline was started already
    result = terminal_of(new_home).run(f"restore {file}")
    assert result.exit_code == 0, result.output
    before.pop(b"s:old", None)
    assert _all(new_home) == before | {k: v for k, v in _all(new_home).items() if k == b"s:old"}
    assert new_home.store.client.exists("rq:queue:x") == 0
    assert new_home.ledger.get(one).reveal(new_home.vault, "phone") == PHONE
    assert [e.note for e in new_home.ledger.history(one) if e.note] == ["a note"]
    assert new_home.ledger.check() == []


def test_what_expired_in_the_meantime_stays_away(terminal: Terminal, kit: Kit, new_home: Kit, tmp_path: Path) -> None:
    kit.store.client.set("s:old", "session", px=300)
    terminal.run(f"backup {tmp_path / 'b'}")
    kit.store.client.pexpire("s:old", 1)
    time.sleep(0.35)
    assert "0 keys are back" in terminal_of(new_home).run(f"restore {tmp_path / 'b'}").output
    assert new_home.store.client.exists("s:old") == 0


def test_the_file_tells_nothing_and_is_its_owners(terminal: Terminal, kit: Kit, tmp_path: Path) -> None:
    one, file = _lived_in(kit), tmp_path / "hotline.backup"
    terminal.run(f"backup {file}")
    raw = file.read_bytes()
    for word in (PHONE, PHONE[2:], NAME, "alex", one, "trauma_line", "cb:open", "staff"):
        assert word.encode() not in raw
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["hotline.backup"]


def test_an_old_key_of_the_list_still_opens(terminal: Terminal, kit: Kit, other_port: int, tmp_path: Path) -> None:
    _lived_in(kit)
    terminal.run(f"backup {tmp_path / 'b'}")
    rotated = _kit(kit, other_port, DATA_KEY=f"{key()},{kit.settings.data_keys[0].get_secret_value()}")
    rotated.store.client.flushall()
    assert terminal_of(rotated).run(f"restore {tmp_path / 'b'}").exit_code == 0


@pytest.mark.parametrize(("setting", "word"), [("DATA_KEY", "DATA_KEY"), ("LOOKUP_KEY", "LOOKUP_KEY")])
def test_a_wrong_key_touches_nothing(
    terminal: Terminal, kit: Kit, other_port: int, tmp_path: Path, setting: str, word: str
) -> None:
    _lived_in(kit)
    terminal.run(f"backup {tmp_path / 'b'}")
    stranger = _kit(kit, other_port, **{setting: key()})
    stranger.store.client.flushall()
    stranger.store.client.set("opt:here", "1")
    for force in ("", " --force"):
        assert word in terminal_of(stranger).fails(f"restore {tmp_path / 'b'}{force}")
    assert stranger.store.client.keys("*") == [b"opt:here"]


def test_a_store_that_is_not_empty_is_replaced_only_by_force(terminal: Terminal, kit: Kit, tmp_path: Path) -> None:
    one, file = _lived_in(kit), tmp_path / "b"
    terminal.run(f"backup {file}")
    before = _all(kit)
    newer = a_callback(kit)
    assert "--force" in terminal.fails(f"restore {file}")
    assert kit.ledger.get(newer).id == newer
    assert terminal.run(f"restore {file} --force").exit_code == 0
    assert _all(kit) == before
    assert kit.ledger.get(one).id == one
    assert kit.store.client.exists(f"cb:{newer}") == 0


def test_any_damage_is_noticed_before_anything_is_touched(
    terminal: Terminal, kit: Kit, new_home: Kit, tmp_path: Path
) -> None:
    for n in range(30):
        kit.store.client.set(f"opt:{n}", os.urandom(20000))
    terminal.run(f"backup {tmp_path / 'b'}")
    raw = (tmp_path / "b").read_bytes()
    assert len(raw) > 2 * PIECE
    first = 17 + 4 + 32  # magic, key id, salt
    one_piece = first + 4 + PIECE + 16
    swapped = raw[:first] + raw[one_piece : 2 * one_piece - first] + raw[first:one_piece] + raw[2 * one_piece - first :]
    damaged = [b"", b"hello", raw[:10], raw[:-1], raw[:one_piece], raw + b"x", swapped]
    damaged += [
        raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        for at in (0, 18, 25, first, first + 9, len(raw) // 2, len(raw) - 1)
    ]
    for n, bad in enumerate(damaged):
        (tmp_path / f"bad{n}").write_bytes(bad)
        terminal_of(new_home).fails(f"restore {tmp_path / f'bad{n}'}")
        assert new_home.store.client.dbsize() == 0
    assert terminal_of(new_home).run(f"restore {tmp_path / 'b'}").exit_code == 0


def test_files_that_are_not_there_or_cannot_be_written(terminal: Terminal, kit: Kit, tmp_path: Path) -> None:
    assert "No such file" in terminal.fails(f"restore {tmp_path / 'nothing'}")
    assert "No such file" in terminal.fails(f"backup {tmp_path / 'no' / 'folder'}")


def test_an_older_backup_is_whole_until_the_new_one_is(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * PIECE * 2
        raise RuntimeError

    file, keys = tmp_path / "b", [key()]
    write_sealed(file, keys, [b"old"])
    with pytest.raises(RuntimeError):
        write_sealed(file, keys, broken())
    assert b"".join(read_sealed(file, keys)) == b"old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_any_size_goes_through(tmp_path: Path, size: int) -> None:
    file, keys, data = tmp_path / "b", [key()], os.urandom(size)
    write_sealed(file, keys, [data[:7], data[7:]])
    assert b"".join(read_sealed(file, keys)) == data
    with pytest.raises(SealedFileError):
        list(read_sealed(file, [key()]))
