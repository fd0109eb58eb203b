"""`make run`: one command, everything runs, and what dies is started again."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
import requests

from tests.conftest import free_port
from tests.processes.machine import ROOT, until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


def alive(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False


def store_run(port: int) -> str:
    """Which run of the store answers on `port` (its id is new at each start), or '' when none does."""
    try:
        with redis.Redis(port=port, socket_timeout=2) as store:
            return str(store.info("server")["run_id"])
    except redis.RedisError:
        return ""


def test_it_starts_prints_a_login_restarts_the_dead_and_keeps_its_data(tmp_path: Path) -> None:
    web, desk, store = free_port(), free_port(), free_port()
    env = {k: v for k, v in os.environ.items() if k not in ("REDIS_URL", "HOTLINE_ENV")}
    env |= {"HOTLINE_VAR": str(tmp_path), "PORT": str(web), "SIMULATOR_PORT": str(desk)}
    env["EMBEDDED_STORE_PORT"] = str(store)

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.run"],
            cwd=ROOT,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    running = start()
    try:
        ready, page = f"http://127.0.0.1:{web}/readyz", f"http://127.0.0.1:{desk}/"
        assert until(lambda: alive(ready) and alive(page), seconds=40), [p.read_text() for p in tmp_path.glob("*.log")]
        first = store_run(store)
        killed = subprocess.run(["pkill", "-9", "-f", f"valkey-server 127.0.0.1:{store}"], check=False)
        assert killed.returncode == 0
        # The store may be back before anybody sees it away: it is another run of it that shows the restart.
        assert until(lambda: store_run(store) not in ("", first), seconds=30)
        assert until(lambda: alive(ready), seconds=30)
    finally:
        running.send_signal(signal.SIGINT)
        printed = running.communicate(timeout=30)[0]
    assert re.search(r"alex / \w+-\w+-\w+", printed)
    assert oct((tmp_path / "keys.json").stat().st_mode)[-3:] == "600"
    assert set(json.loads((tmp_path / "keys.json").read_text())) >= {"DATA_KEY", "LOOKUP_KEY", "SECRET_KEY"}
    again = start()
    try:
        assert until(lambda: alive(ready), seconds=40)
    finally:
        again.send_signal(signal.SIGINT)
        assert "as before" in again.communicate(timeout=30)[0]
