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
from flows.understand.model.weights import Row, Weights, odds
from flows.understand.text import Message

_RIGOUR = {"danger": 0.15}  # the separators' C: higher follows the examples more closely
_RIGOUR_OF_LABELS = 2.0
_SEEN = 2  # in how many messages a feature must occur
_STEPS = 127  # of an 8-bit weight
_CLIPPED = 99.9  # per cent of the weights that keep their size; the few largest are cut

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Separators:
    """Weights before they are calibrated and rounded: a row of `matrix` for each key, a column for each output."""

    outputs: tuple[str, ...]
    keys: Keys
    matrix: NDArray[np.float64]
    bias: Row

    def margins(self, rows: Sequence[Example]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.asarray(_table(rows, self.keys) @ self.matrix) + self.bias
        return found


def train(rows: Sequence[Example]) -> tuple[Weights, NDArray[np.float64]]:
    """Weights from all messages, calibrated by what five folds said of messages that they had not seen; and that."""
    whole = separate(rows)
    unseen = np.zeros((len(rows), len(whole.outputs)))
    folds = np.array([row.fold for row in rows])
    for fold in range(FOLDS):
        part = separate([row for row in rows if row.fold != fold], whole.outputs)
        unseen[folds == fold] = part.margins([row for row in rows if row.fold == fold])
    slope, shift, blend = _calibration(rows, whole.outputs, unseen)
    return _rounded(whole, slope, shift, blend, checksum(rows)), unseen * slope + shift


def separate(rows: Sequence[Example], outputs: tuple[str, ...] = ()) -> Separators:
    """One separator an output. A label that is accepted but not the best one is evidence neither for nor against."""
    outputs = outputs or (*sorted({row.accepted[0] for row in rows}), "danger", "crisis")
    keys = _vocabulary(rows)
    table = _table(rows, keys)
    found = [_separator(table, *_lesson(rows, output), _RIGOUR.get(output, _RIGOUR_OF_LABELS)) for output in outputs]
    return Separators(outputs, keys, np.stack([weight for weight, _ in found], axis=1), np.array([b for _, b in found]))


def _lesson(rows: Sequence[Example], output: str) -> tuple[Flags, Flags]:
    """(which messages teach it, for which of all it holds)."""
    danger = np.array([row.danger for row in rows])
    if output == "danger":
        return ~np.array([row.unclear for row in rows]), danger
    best = np.array([row.accepted[0] == (output if output != "crisis" else "crisis_988") for row in rows])
    if output == "crisis":
        return danger, best
    return best | ~np.array([output in row.accepted for row in rows]), best


def _separator(
    table: sparse.csr_matrix, teaches: Flags, holds: Flags, rigour: float
) -> tuple[NDArray[np.float64], float]:
    if len(set(holds[teaches])) < 2:
        return np.zeros(table.shape[1]), -1.0
    machine = LinearSVC(C=rigour, random_state=0, tol=1e-3).fit(table[teaches], holds[teaches])
    return machine.coef_[0], float(machine.intercept_[0])


def _vocabulary(rows: Sequence[Example]) -> Keys:
    """Features that more than one message has."""
    counts: Counter[int] = Counter()
    for row in rows:
        for group in features(Message.of(row.text)):
            counts.update(group.tolist())
    return np.array(sorted(key for key, seen in counts.items() if seen >= _SEEN), np.uint32)


def _table(rows: Sequence[Example], keys: Keys) -> sparse.csr_matrix:
    """A line a message: each of its features 1, scaled so that every message has the same length, as at run time."""
    lines, columns, values = [], [], []
    for line, row in enumerate(rows):
        for group in features(Message.of(row.text)):
            at = np.searchsorted(keys, group)
            at[at == len(keys)] = 0
            known = at[keys[at] == group]
            lines.append(np.full(len(known), line))
            columns.append(known)
            values.append(np.full(len(known), 1 / np.sqrt(max(len(group), 1))))
    place = (np.concatenate(lines), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), place), (len(rows), len(keys)))


def _calibration(
    rows: Sequence[Example], outputs: tuple[str, ...], unseen: NDArray[np.float64]
) -> tuple[Row, Row, float]:
    """(slope, shift) of each output, so that softmax (labels) and sigmoid (danger, crisis) are probabilities; and how
    much it counts for danger that the labels of danger are likely."""
    labels = len(outputs) - 2
    slope, shift = np.ones(len(outputs)), np.zeros(len(outputs))
    slope[:labels] = _temperature(unseen[:, :labels], [outputs.index(row.accepted[0]) for row in rows])
    evidence = np.stack([unseen[:, labels], odds(unseen[:, :labels] * slope[0], outputs)], axis=1)
    danger = _logistic(evidence, *_lesson(rows, "danger"))
    crisis = _logistic(unseen[:, [labels + 1]], *_lesson(rows, "crisis"))
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
    """Eight bits a weight."""
    step = np.maximum(np.percentile(np.abs(found.matrix), _CLIPPED, axis=0), 1e-9) / _STEPS
    matrix = np.clip(np.rint(found.matrix / step), -_STEPS, _STEPS).astype(np.int8)
    return Weights(found.outputs, found.keys, matrix, step * slope, found.bias * slope + shift, blend, trained_on)
