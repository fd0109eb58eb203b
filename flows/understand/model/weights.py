"""The trained numbers, in one file: a line of JSON, then compressed keys and weights.

Not here: how they are found (training.py) and used (reading.py).
"""

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flows.understand.model.features import Keys, features
from flows.understand.text import Message

# The rarity of a feature that was not met in training, as `length` counts it; one that all messages have has 10, a very
# rare one 200. What sounds like danger among much that was never met is mostly everyday talk.
UNKNOWN, UNKNOWN_TO_DANGER = 100, 300
ALARMS = frozenset({"emergency_911", "crisis_988"})
FILE = Path(__file__).with_name("weights.bin")

# What the features are, by an example in each script: their checksum changes when the code does.
_EXAMPLES = ("Él me pegó; I can't breathe!!! rn 3x", "toi khong thở được", "妳聽我說 please")

Matrix = NDArray[np.int8]
Rarity = NDArray[np.uint8]
Row = NDArray[np.float64]


class StaleWeights(RuntimeError):
    """The file was trained with other features than the code now makes: run `make model`."""


@dataclass(frozen=True)
class Weights:
    """`outputs` are labels, then "danger" (against none) and "crisis" (988 against 911). A margin is
    `scale * (sum of int8 weights / length) + bias`, calibrated so that its sigmoid or softmax is a probability; danger's
    after `blend * odds(...)` is added. `rarity`: what a feature counts in that length."""

    outputs: tuple[str, ...]
    keys: Keys
    rarity: Rarity
    matrix: Matrix
    scale: Row
    bias: Row
    blend: float
    trained_on: int

    def dump(self) -> bytes:
        """The same bytes for the same weights, on every machine."""
        head = {
            "features": fingerprint(),
            "trained_on": self.trained_on,
            "outputs": self.outputs,
            "scale": [float(f"{number:.6g}") for number in self.scale],
            "blend": round(self.blend, 4),
            "bias": [float(f"{number:.6g}") for number in self.bias],
            "keys": len(self.keys),
        }
        body = self.keys.astype("<u4").tobytes() + self.rarity.tobytes() + self.matrix.tobytes()
        return json.dumps(head).encode() + b"\n" + zlib.compress(body, 9)

    @classmethod
    def parse(cls, data: bytes) -> "Weights":
        """Raises StaleWeights where the code has moved on since they were trained."""
        line, _, packed = data.partition(b"\n")
        head = json.loads(line)
        if head["features"] != fingerprint():
            raise StaleWeights(FILE.name)
        body = zlib.decompress(packed)
        count = head["keys"]
        keys = np.frombuffer(body, "<u4", count).astype(np.uint32)
        rarity = np.frombuffer(body, np.uint8, count, offset=4 * count)
        matrix = np.frombuffer(body, np.int8, offset=5 * count).reshape(count, -1)
        scale, bias = np.array(head["scale"]), np.array(head["bias"])
        return cls(tuple(head["outputs"]), keys, rarity, matrix, scale, bias, head["blend"], head["trained_on"])

    def margins(self, message: Message) -> Row:
        """One number an output."""
        groups = [(known(group, self.keys), len(group)) for group in features(message)]
        labels, danger = self._margins(groups, UNKNOWN), self._margins(groups, UNKNOWN_TO_DANGER)
        danger[-2] += self.blend * odds(danger[None, :-2], self.outputs)[0]
        return np.concatenate((labels[:-2], danger[-2:]))

    def _margins(self, groups: list[tuple[NDArray[np.int64], int]], unknown: int) -> Row:
        total = np.zeros(len(self.outputs))
        for rows, count in groups:
            if len(rows):
                total += self.matrix[rows].sum(axis=0, dtype=np.int32) / length(self.rarity[rows], count, unknown)
        margins: Row = total * self.scale + self.bias
        return margins


def known(group: Keys, keys: Keys) -> NDArray[np.int64]:
    """Where the features of a message stand among those that were met in training."""
    at = np.searchsorted(keys, group)
    at[at == len(keys)] = 0
    found: NDArray[np.int64] = at[keys[at] == group]
    return found


def length(rarity: Rarity, features: int, unknown: int) -> float:
    """So that long messages and short ones count alike. Of the `features` of a message those that were not met in
    training weaken the rest: little is known of such a text."""
    squares = np.square(rarity, dtype=np.float64).sum() + (features - len(rarity)) * unknown**2
    return float(np.sqrt(squares))


def odds(margins: NDArray[np.float64], outputs: tuple[str, ...]) -> Row:
    """For each line of labels' margins: the logarithm of how much likelier the labels of danger are than all others."""
    alarming = np.array([output in ALARMS for output in outputs[:-2]])
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    found: Row = np.log(powers[:, alarming].sum(axis=1) + 1e-6) - np.log(powers[:, ~alarming].sum(axis=1) + 1e-6)
    return found


def fingerprint() -> int:
    """A number for what the features code does."""
    found = b"".join(group.astype("<u4").tobytes() for text in _EXAMPLES for group in features(Message.of(text)))
    return zlib.crc32(found)


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights, read once."""
    return Weights.parse(FILE.read_bytes())
