"""Which facts of a directory somebody should check: old ones, unsure ones, those from outside its page.

Lives here: the question. Not here: the schema, or the command that prints the answer (bot/commands).
"""

from datetime import date, timedelta

from flows.directory import FACTS, Directory, Fact

FRESH_DAYS = 90


def stale(directory: Directory, today: date) -> list[str]:
    """One line a fact, with why."""
    lines = []
    for record in directory.all:
        for name in FACTS:
            fact = record.about(name)
            known = getattr(record, name, None)
            if known is None and name not in record.facts:
                continue
            lines += [f"{record.id}: {name}: {why}: {known or 'not known'}" for why in _why(directory, fact, today)]
    return lines


def _why(directory: Directory, fact: Fact, today: date) -> list[str]:
    source = directory.sources[fact.source]
    why = []
    if today - fact.checked > timedelta(days=FRESH_DAYS):
        why.append(f"last checked {fact.checked}, more than {FRESH_DAYS} days ago")
    if fact.unsure or not source.page:
        why.append(f"unsure, from {source.name}" if not source.page else "unsure")
    return why
