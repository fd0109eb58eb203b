"""results.md: one heading a section, each with the day it was measured.

Lives here: keeping what other runs wrote. Not here: any figure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.machine import HERE, WORK, facts, versions

ORDER = ("Turns", "Live pages", "Memory", "Where a turn's time goes", "Understanding", "Lateness")
HEAD = """# Results

Written by `make bench`; one part alone by `python -m bench turns` (or `pages`, `memory`, `profile`,
`understanding`, `sweep`).
"""


@dataclass(frozen=True)
class Section:
    """What one part found, as Markdown under its title."""

    title: str
    text: str


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is words, the others are figures."""
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def publish(section: Section, quick: bool) -> str:
    """Put a section into results.md in place of the older one (a quick run goes elsewhere). Where it was put."""
    path = WORK / "quick.md" if quick else HERE / "results.md"
    old = path.read_text() if path.exists() else ""
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", old, re.M | re.S))
    day = datetime.now(UTC).date().isoformat()
    parts[section.title] = f"\n*{day}; {facts()}. {versions()}.*\n\n{section.text.strip()}\n\n"
    body = "".join(f"## {title}\n{parts[title]}" for title in ORDER if title in parts)
    path.write_text(f"{HEAD}\n{body}".rstrip() + "\n")
    return f"bench/{path.relative_to(HERE)}"
