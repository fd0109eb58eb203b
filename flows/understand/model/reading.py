"""What the classifier thinks of one message, as probabilities.

Not here: thresholds, and how that is weighed against the rules (core.py, routes, danger).
"""

from dataclasses import dataclass

import numpy as np

from flows.understand.model.weights import weights
from flows.understand.text import Message


@dataclass(frozen=True)
class Opinion:
    """`labels`: how likely each is the first answer (they add up to 1, danger's labels and "none" among them).
    `danger`: how likely 911 or 988 must come first; `alarm` says which of the two."""

    labels: dict[str, float]
    danger: float
    alarm: str


def opinion(message: Message) -> Opinion:
    """Pure; well under a millisecond."""
    trained = weights()
    *margins, danger, crisis = trained.margins(message)
    powers = np.exp(np.array(margins) - max(margins))
    shares = (powers / powers.sum()).tolist()
    return Opinion(
        dict(zip(trained.outputs, shares, strict=False)),
        1 / (1 + float(np.exp(-danger))),
        "crisis_988" if crisis > 0 else "emergency_911",
    )
