"""Counts by month, in which nobody can be recognised.

Lives here: reading the counters and hiding small cells. Not here: the counting, which is done when a callback ends.
"""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from bot.api.operations import operation
from bot.api.problems import Problem
from bot.api.shapes import MonthsQuery
from bot.kit import kit

SMALLEST_CELL = 11  # below this a count could point at a person
DIMENSIONS = ("reason", "group", "language", "channel")
MOST_MONTHS = 120


class _Row(BaseModel):
    month: str
    count: int | None = Field(description="null: hidden, because it or its neighbour is under 11")


class ReasonRow(_Row):
    reason: str


class GroupRow(_Row):
    group: str


class LanguageRow(_Row):
    language: str


class ChannelRow(_Row):
    channel: str


class ReportOut(BaseModel):
    by_reason: list[ReasonRow]
    by_group: list[GroupRow]
    by_language: list[LanguageRow]
    by_channel: list[ChannelRow]


def suppress(cells: dict[str, int]) -> dict[str, int | None]:
    """Hide every cell under 11, then the next smallest, until what is hidden can't be had by subtraction.

    The month's total is known from the other tables, so what is hidden in one is known as a sum: a single hidden cell
    would be laid open, and so would two that come to 2. It has to come to 11 or more, which also takes two cells.
    """
    order = sorted(cells, key=lambda name: (cells[name], name))
    hidden = [name for name in order if cells[name] < SMALLEST_CELL]
    shown = order[len(hidden) :]
    while hidden and shown and sum(cells[name] for name in hidden) < SMALLEST_CELL:
        hidden.append(shown.pop(0))
    return {name: None if name in hidden else cells[name] for name in sorted(cells)}


def months(first: str, last: str) -> list[str]:
    """Every month from `first` to `last`, both as YYYY-MM. Raises Problem."""
    start, end = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (first, last))
    if not 0 <= end - start < MOST_MONTHS:
        raise Problem(
            422,
            f"`from` must not be after `to`, and at most {MOST_MONTHS} months can be had at once.",
            "invalid",
            errors=[{"field": "from", "message": f"after `to`, or more than {MOST_MONTHS} months before it"}],
        )
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(start, end + 1)]


def _asked(query: MonthsQuery) -> list[str]:
    now = datetime.fromtimestamp(kit().store.now(), UTC)
    last = query.last or f"{now:%Y-%m}"
    year_before = int(last[:4]) * 12 + int(last[5:7]) - 1 - 11
    return months(query.first or f"{year_before // 12:04d}-{year_before % 12 + 1:02d}", last)


@operation("GET", "/reports/monthly")
def monthly_report(query: MonthsQuery) -> ReportOut:
    """Ended callbacks by month: one table a dimension. Cells under 11 are null, and so is what would give them away."""
    wanted = [(month, dimension) for dimension in DIMENSIONS for month in _asked(query)]
    with kit().store.client.pipeline(transaction=False) as pipe:
        for month, dimension in wanted:
            pipe.hgetall(f"month:{month}:{dimension}")
        found = pipe.execute()
    tables: dict[str, list[dict[str, Any]]] = {f"by_{dimension}": [] for dimension in DIMENSIONS}
    for (month, dimension), raw in zip(wanted, found, strict=True):
        cells = {name.decode("utf-8", "replace"): int(n) for name, n in raw.items() if int(n) > 0}
        tables[f"by_{dimension}"] += [
            {"month": month, dimension: name, "count": n} for name, n in suppress(cells).items()
        ]
    return ReportOut.model_validate(tables)
