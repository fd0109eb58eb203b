"""`make model`: trains the classifier, prints how well it does on messages that it had not seen, writes weights.bin.

Not here: the training.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from flows.understand.model.corpus import Example, examples
from flows.understand.model.training import train
from flows.understand.model.weights import FILE


def main() -> None:
    """Trained twice, the file is the same."""
    rows = examples()
    trained, unseen = train(rows)
    FILE.write_bytes(trained.dump())
    print(f"{len(rows)} messages, {len(trained.keys)} features, {FILE.stat().st_size / 1e6:.2f} MB in {FILE.name}")
    print("Of messages not trained on (five folds; the classifier alone, without the rules):")
    for line in _figures(rows, trained.outputs, unseen):
        print(" ", line)


def _figures(rows: Sequence[Example], outputs: tuple[str, ...], unseen: NDArray[np.float64]) -> list[str]:
    best = [outputs[at] for at in unseen[:, :-2].argmax(axis=1)]
    right = np.array([label in row.accepted for label, row in zip(best, rows, strict=True)])
    spoken = np.array([row.language for row in rows])
    by_language = ", ".join(f"{code} {right[spoken == code].mean():.3f}" for code in sorted(set(spoken)))
    danger, unclear = np.array([row.danger for row in rows]), np.array([row.unclear for row in rows])
    chance = 1 / (1 + np.exp(-unseen[:, -2]))
    alarms = [
        f"danger above {least}: recall {(chance[danger] > least).mean():.3f}, false alarms {(chance[~danger & ~unclear] > least).mean():.3f}"
        for least in (0.3, 0.5, 0.7, 0.9)
    ]
    return [f"first label right: {by_language}", *alarms]


if __name__ == "__main__":
    main()
