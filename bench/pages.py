"""Turns while fifty staff have the queue open, beside the same without them, in alternation.

Lives here: the rounds and the table. Not here: what a page does (consoles.py).
"""

from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench import load, residents
from bench.consoles import Page, open_pages
from bench.contestants import CONTESTANTS, started
from bench.hotline import Hotline
from bench.recorded import record, repeat
from bench.report import Section, table
from bench.turns import FASTEST

PAGES, WAITING, ROUNDS, SECONDS = 50, 50, 3, 10
HOTLINE = next(one for one in CONTESTANTS if one.server == "granian")


def once(requests: Path, seconds: int, count: int) -> tuple[load.Figures, list[Page]]:
    with ExitStack() as stack:
        server = stack.enter_context(started(HOTLINE))
        assert server.hotline
        residents.rehearse(server.port, HOTLINE.dialogue)
        _fill(server.hotline)
        pages = stack.enter_context(open_pages(server.port, server.hotline, count)) if count else []
        figures = load.run(server.port, requests, seconds)
    return figures, pages


def _fill(whole: Hotline) -> None:
    """A queue of open callbacks before the pages are opened."""
    promise = record(whole.kit)[2]
    for n in range(WAITING):
        repeat(whole.kit, promise, 1_000_000 + n, due_at=whole.kit.store.now() + 1800)


def measure(quick: bool) -> Section:
    rounds, seconds = (1, 4) if quick else (ROUNDS, SECONDS)
    requests = residents.write(FASTEST * seconds, HOTLINE.dialogue)
    found: dict[int, list[tuple[load.Figures, list[Page]]]] = {0: [], PAGES: []}
    for _ in range(rounds):
        for count, runs in found.items():
            runs.append(once(requests, seconds, count))
            print(f"  {count} pages: {runs[-1][0].rate:.0f} turns/s, p99 {runs[-1][0].p99_ms:.1f} ms", flush=True)
    heads = ("open pages", "turns/s", "p50 ms", "p99 ms", "bad", "pages: p50 ms", "p99 ms", "not 200", "largest KB")
    text = f"""One hotline process under granian, loaded as under Turns by {load.CONNECTIONS} connections
({rounds} × {seconds} s each, medians), while {PAGES} pages of the staff room's queue ask for its live part every 3 s.
{WAITING} callbacks are open before, and what is promised joins them (a page shows 200 at most).

{table(heads, [_row(count, runs) for count, runs in found.items()])}"""
    return Section("Live pages", text)


def _row(count: int, runs: list[tuple[load.Figures, list[Page]]]) -> list[str]:
    figures = [f for f, _ in runs]
    times = sorted(t for _, pages in runs for page in pages for t in page.times)
    opened = [page for _, pages in runs for page in pages]
    return [
        str(count),
        f"{median(f.rate for f in figures):,.0f}",
        f"{median(f.p50_ms for f in figures):.1f}",
        f"{median(f.p99_ms for f in figures):.1f}",
        str(sum(f.bad for f in figures)),
        *([f"{times[len(times) // 2]:.0f}", f"{times[len(times) * 99 // 100]:.0f}"] if times else ["", ""]),
        str(sum(page.wrong for page in opened)) if opened else "",
        f"{max(page.bytes for page in opened) / 1024:.0f}" if opened else "",
    ]
