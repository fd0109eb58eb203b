"""Turns a second and their latency: one process of each contestant, in alternation, medians of several rounds.

Lives here: the rounds and the table. Not here: the contestants, the residents, the load.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import load, peers, residents
from bench.contestants import CONTESTANTS, Contestant, started
from bench.machine import cpu_seconds
from bench.report import Section, table

ROUNDS, SECONDS = 3, 10
FASTEST = 12_000  # turns a second that requests are made for
HEADS = ["one process", "does", "turns/s", "range", "p50 ms", "p99 ms", "CPU µs a turn"]
HEADS += ["of bare gunicorn", "of bare granian", "bad"]


@dataclass(frozen=True)
class Round:
    """One run of one contestant. `promised`: the hotline's promises, as a share of those that were asked for."""

    figures: load.Figures
    cpu_us: float
    promised: float | None


def play(one: Contestant, requests: Path, seconds: int) -> Round:
    """Start it afresh, check that it does its work, load it."""
    with started(one) as server:
        said = residents.rehearse(server.port, one.dialogue)
        if server.hotline and "We'll call" not in said[2]:
            raise RuntimeError("the hotline's rehearsal ended without a promise")
        before = cpu_seconds(server.group)
        figures = load.run(server.port, requests, seconds)
        cpu = 1e6 * (cpu_seconds(server.group) - before) / figures.turns
        promised = _share(server.hotline.promised() - 1, figures.turns) if server.hotline else None
    return Round(figures, cpu, promised)


def _share(made: int, turns: int) -> float | None:
    """Promises made of those that so many turns ask for: each thousand's third turns."""
    whole, rest = divmod(turns, 4 * residents.IN_STEP)
    asked = whole * residents.IN_STEP + min(max(rest - 2 * residents.IN_STEP, 0), residents.IN_STEP)
    return min(1.0, made / asked) if asked else None  # the generator leaves its last answers uncounted


def measure(quick: bool) -> Section:
    rounds, seconds = (1, 2) if quick else (ROUNDS, SECONDS)
    skipped = {one.name: why for one in CONTESTANTS if (why := peers.NEEDS[one.needs]())}
    files = {dialogue: residents.write(FASTEST * seconds, dialogue) for dialogue in residents.DIALOGUES}
    results: dict[str, list[Round]] = {one.name: [] for one in CONTESTANTS if one.name not in skipped}
    for n in range(rounds):
        for one in CONTESTANTS:
            if one.name in results:
                _one_round(one, files[one.dialogue], seconds, results, skipped)
        print(f"  round {n + 1} of {rounds} done", flush=True)
    return Section("Turns", _text(results, skipped, seconds))


def _one_round(
    one: Contestant, requests: Path, seconds: int, results: dict[str, list[Round]], skipped: dict[str, str]
) -> None:
    try:
        done = play(one, requests, seconds)
    except (RuntimeError, OSError) as error:
        skipped[one.name] = f"{error}"[:160]
        del results[one.name]
        print(f"  {one.name}: {skipped[one.name]}", flush=True)
        return
    results[one.name].append(done)
    f = done.figures
    promises = f", {100 * done.promised:.0f} % promised" if done.promised is not None else ""
    print(
        f"  {one.name}: {f.rate:.0f} turns/s, p50 {f.p50_ms:.1f} ms, p99 {f.p99_ms:.1f} ms, {done.cpu_us:.0f} µs CPU, "
        f"{f.bad} bad{promises}",
        flush=True,
    )


def _text(results: dict[str, list[Round]], skipped: dict[str, str], seconds: int) -> str:
    rates = {name: median(r.figures.rate for r in rounds) for name, rounds in results.items()}
    gunicorn, granian = (rates.get(one.name, 0.0) for one in CONTESTANTS[:2])
    rows = [
        _row(one, results[one.name], rates[one.name], gunicorn, granian) for one in CONTESTANTS if one.name in rates
    ]
    count = max(map(len, results.values()), default=0)
    lines = [
        f"`POST /sms`, {load.CONNECTIONS} connections by {load.generator()}, {count} × {seconds} s each, in "
        "alternation; medians. Each run has a fresh process and store and fresh residents, a thousand in step: "
        "anything, 1, 1, 1 (peers: a number instead of the second 1). CPU is the web process's own.",
        "",
        table(HEADS, rows),
        _promises(results),
    ]
    lines += [f"* Skipped: {name}: {why}." for name, why in skipped.items()]
    return "\n".join(lines)


def _row(one: Contestant, rounds: list[Round], rate: float, gunicorn: float, granian: float) -> list[str]:
    rates = [r.figures.rate for r in rounds]
    return [
        one.name,
        one.does,
        f"{rate:,.0f}",
        f"{min(rates):,.0f}–{max(rates):,.0f}",
        f"{median(r.figures.p50_ms for r in rounds):.1f}",
        f"{median(r.figures.p99_ms for r in rounds):.1f}",
        f"{median(r.cpu_us for r in rounds):.0f}",
        f"{rate / gunicorn:.2f}" if gunicorn else "",
        f"{rate / granian:.2f}" if granian else "",
        str(sum(r.figures.bad for r in rounds)),
    ]


def _promises(results: dict[str, list[Round]]) -> str:
    made = [r.promised for rounds in results.values() for r in rounds if r.promised is not None]
    if not made:
        return ""
    return (
        "\nThe hotline's runs have a durable store (`appendfsync always`), somebody on shift, and beside them, at "
        "a low priority, worker and sweeper, which text staff of each promise. Of the promises asked for in a run, "
        f"at least {100 * min(made):.0f} % were made. The peers' store keeps no file.\n"
    )
