"""How long a message takes to be understood, on one core, what it takes in memory, and how well it is understood.

Lives here: the messages that the tests keep aside (tests/flows/unseen*.psv), one by one in a process of its own, and a
table of how well they are understood (a test has floors for that).
"""

import json
import subprocess
import sys
from pathlib import Path

from bench.report import Section, table
from flows.understand.measure import measure as measure_lines
from flows.understand.measure import read

MESSAGES = sorted(Path("tests/flows").glob("unseen*.psv"))
ROUNDS = 10
AIM_MS, AIM_MB = 2.0, 150
PROGRAM = """
import json, resource, sys, time
from flows.understand import ready, understand
started = time.process_time()
ready()
loaded = time.process_time() - started
texts, rounds = json.load(sys.stdin)
took = []
for _ in range(rounds):
    for text in texts:
        before = time.thread_time_ns()
        understand(text)
        took.append((time.thread_time_ns() - before) / 1e6)
took.sort()
print(json.dumps([sum(took) / len(took), took[len(took) // 2], took[int(len(took) * 0.99)], loaded,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def measure(quick: bool) -> Section:
    """CPU time by message, so that other work on the machine counts little."""
    lines = [line for file in MESSAGES for line in file.read_text(encoding="utf-8").splitlines()]
    texts = [line.split("|")[1] for line in lines if "|" in line]
    feed = json.dumps([texts, 1 if quick else ROUNDS])
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=feed, capture_output=True, text=True, check=True)
    mean, median, slow, loaded, memory = json.loads(done.stdout)
    rows = [
        ["a message, mean", f"{mean:.2f} ms", f"{AIM_MS:g} ms"],
        ["a message, median", f"{median:.2f} ms", ""],
        ["a message, 99 in 100 below", f"{slow:.2f} ms", ""],
        ["loading words and weights, once", f"{loaded:.1f} s", ""],
        ["the whole process", f"{memory:.0f} MB", f"{AIM_MB} MB"],
    ]
    text = (
        f"CPU time of {len(texts)} messages in eight languages that no rule was written for, one after the other.\n\n"
    )
    how_well = (
        "\n\nHow well, file by file (danger heard: 911 or 988 come first; named: that, or they are named in one line;\n"
        "the last file is hard on purpose). Aims: heard 1.00, false alarms few, right 0.95 in English and 0.90 in the\n"
        "others, none where it must not go.\n\n"
    )
    return Section("Understanding", text + table(("what", "measured", "aim: at most"), rows) + how_well + _quality())


def _quality() -> str:
    heads = ("file", "messages", "danger heard", "named", "false alarms", "right, en", "right, others", "forbidden")
    rows = []
    for file in MESSAGES:
        f = measure_lines(read(file))
        shares = [f.heard, f.named, f.alarms, f.right_english, f.right_others]
        rows.append([file.name, str(f.messages), *(f"{share:.3f}" for share in shares), str(f.forbidden)])
    return table(heads, rows)
