"""Free text into ordered labels, a language and a flag of danger: pure, deterministic, explicit.

Not here: what is answered, and any memory of what was said before.
"""

from flows.understand.core import Understanding, understand
from flows.understand.lexicon import LANGUAGES, lexicon
from flows.understand.model.weights import weights
from flows.understand.text import normal
from flows.understand.whole import opt_word


def ready() -> None:
    """Read all words and weights now, so that no resident's message pays for it. Raises StaleWeights, PatternFault."""
    for language in LANGUAGES:
        lexicon(language)
    weights()
    understand("hello, is anybody there?")


__all__ = ["Understanding", "normal", "opt_word", "ready", "understand"]
