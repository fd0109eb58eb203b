"""Finds the weights: one linear separator a label and two for danger, all reproducible.

Needs scikit-learn (requirements-dev.txt); nothing else in the package does. Not here: printing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from flows.understand.model.corpus import FOLDS, Example, checksum
from flows.understand.model.features import Keys, features
from flows.understand.model.weights import UNKNOWN, UNKNOWN_TO_DANGER, Rarity, Row, Weights, known, length, odds
from flows.understand.text import Message

_RIGOUR = 1.0  # the separators' C: higher follows the examples more closely
_RARE = 1.25  # how much more than a common feature a rare one says
_SEEN = 2  # in how many messages a feature must occur to be kept; a word teaches from its first on
_STEPS = 127  # of an 8-bit weight
_CLIPPED = 99.9  # per cent of the weights that keep their size; the few largest are cut

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Separators:
    """Weights before they are calibrated and rounded: a row of `matrix` for each key, a column for each output."""

    outputs: tuple[str, ...]
    keys: Keys
    rarity: Rarity
    matrix: NDArray[np.float64]
    bias: Row

    def margins(self, rows: Sequence[Example], unknown: int) -> NDArray[np.float64]:
        table = _table(rows, self.keys, self.rarity, unknown)
        found: NDArray[np.float64] = np.asarray(table @ self.matrix) + self.bias
        return found


def train(rows: Sequence[Example]) -> tuple[Weights, NDArray[np.float64]]:
    """Weights from all messages, calibrated by what five folds said of messages that they had not seen; and that."""
    whole = separate(rows)
    labels, danger = (np.zeros((len(rows), len(whole.outputs))) for _ in range(2))
    folds = np.array([row.fold for row in rows])
    for fold in range(FOLDS):
        part = separate([row for row in rows if row.fold != fold], whole.outputs)
        rest = [row for row in rows if row.fold == fold]
        labels[folds == fold] = part.margins(rest, UNKNOWN)
        danger[folds == fold] = part.margins(rest, UNKNOWN_TO_DANGER)
    slope, shift, blend = _calibration(rows, whole.outputs, labels, danger)
    unseen = np.concatenate((labels[:, :-2], danger[:, -2:]), axis=1) * slope + shift
    unseen[:, -2] += blend * odds(danger[:, :-2] * slope[:-2], whole.outputs)
    return _rounded(whole, slope, shift, blend, checksum(rows)), unseen


def separate(rows: Sequence[Example], outputs: tuple[str, ...] = ()) -> Separators:
    """One separator an output. A label that is accepted but not the best one is evidence neither for nor against."""
    outputs = outputs or (*sorted({row.accepted[0] for row in rows}), "danger", "crisis")
    keys, seen = _vocabulary(rows)
    rarity = np.clip(np.rint(10 * (1 - np.log(seen / len(rows))) ** _RARE), 0, 255).astype(np.uint8)
    table = _table(rows, keys, rarity, UNKNOWN)
    found = [_separator(table, *_lesson(rows, output)) for output in outputs]
    kept = seen >= _SEEN
    matrix = np.stack([weight[kept] for weight, _ in found], axis=1)
    return Separators(outputs, keys[kept], rarity[kept], matrix, np.array([b for _, b in found]))


def _lesson(rows: Sequence[Example], output: str) -> tuple[Flags, Flags]:
    """(which messages teach it, for which of all it holds)."""
    danger = np.array([row.danger for row in rows])
    if output == "danger":
        return ~np.array([row.unclear for row in rows]), danger
    best = np.array([row.accepted[0] == (output if output != "crisis" else "crisis_988") for row in rows])
    if output == "crisis":
        return danger, best
    return best | ~np.array([output in row.accepted for row in rows]), best


def _separator(table: sparse.csr_matrix, teaches: Flags, holds: Flags) -> tuple[NDArray[np.float64], float]:
    if len(set(holds[teaches])) < 2:
        return np.zeros(table.shape[1]), -1.0
    machine = LinearSVC(C=_RIGOUR, random_state=0, tol=1e-3).fit(table[teaches], holds[teaches])
    return machine.coef_[0], float(machine.intercept_[0])


def _vocabulary(rows: Sequence[Example]) -> tuple[Keys, NDArray[np.int64]]:
    """All words and pairs of them, the pieces that more than one message has, and in how many messages each is.

    What stands in one message alone is never met again. But it takes its part in that message, so that what others
    share with it has to explain less.
    """
    words: Counter[int] = Counter()
    pieces: Counter[int] = Counter()
    for row in rows:
        for counts, group in zip((words, pieces), features(Message.of(row.text)), strict=True):
            counts.update(group.tolist())
    counted = {**{key: seen for key, seen in pieces.items() if seen >= _SEEN}, **words}
    keys = np.array(sorted(counted), np.uint32)
    return keys, np.array([counted[key] for key in keys.tolist()])


def _table(rows: Sequence[Example], keys: Keys, rarity: Rarity, unknown: int) -> sparse.csr_matrix:
    """A line a message: the rarity of each of its features, scaled so that all messages have the same length, as at run
    time."""
    lines, columns, values = [], [], []
    for line, row in enumerate(rows):
        for group in features(Message.of(row.text)):
            met = known(group, keys)
            if len(met):
                lines.append(np.full(len(met), line))
                columns.append(met)
                values.append(rarity[met] / length(rarity[met], len(group), unknown))
    place = (np.concatenate(lines), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), place), (len(rows), len(keys)))


def _calibration(
    rows: Sequence[Example], outputs: tuple[str, ...], of_labels: NDArray[np.float64], of_danger: NDArray[np.float64]
) -> tuple[Row, Row, float]:
    """(slope, shift) of each output, so that softmax (labels) and sigmoid (danger, crisis) are probabilities; and how
    much it counts for danger that the labels of danger are likely."""
    labels = len(outputs) - 2
    slope, shift = np.ones(len(outputs)), np.zeros(len(outputs))
    slope[:labels] = _temperature(of_labels[:, :labels], [outputs.index(row.accepted[0]) for row in rows])
    evidence = np.stack([of_danger[:, labels], odds(of_danger[:, :labels] * slope[0], outputs)], axis=1)
    danger = _logistic(evidence, *_lesson(rows, "danger"))
    crisis = _logistic(of_danger[:, [labels + 1]], *_lesson(rows, "crisis"))
    slope[labels:] = danger.coef_[0][0], crisis.coef_[0][0]
    shift[labels:] = danger.intercept_[0], crisis.intercept_[0]
    return slope, shift, float(danger.coef_[0][1])


def _logistic(evidence: NDArray[np.float64], teaches: Flags, holds: Flags) -> LogisticRegression:
    return LogisticRegression(C=1e6).fit(evidence[teaches], holds[teaches])


def _temperature(margins: NDArray[np.float64], best: list[int]) -> float:
    """The sharpness under which the right labels were likeliest."""

    def surprise(sharpness: float) -> float:
        powers = margins * sharpness
        return float((np.log(np.exp(powers).sum(axis=1)) - powers[np.arange(len(best)), best]).mean())

    return float(min(np.arange(1.0, 8.0, 0.25), key=surprise))


def _rounded(found: Separators, slope: Row, shift: Row, blend: float, trained_on: int) -> Weights:
    """Eight bits a weight, a feature's rarity in it."""
    whole = found.matrix * found.rarity[:, None]
    step = np.maximum(np.percentile(np.abs(whole), _CLIPPED, axis=0), 1e-9) / _STEPS
    matrix = np.clip(np.rint(whole / step), -_STEPS, _STEPS).astype(np.int8)
    return Weights(
        found.outputs, found.keys, found.rarity, matrix, step * slope, found.bias * slope + shift, blend, trained_on
    )
