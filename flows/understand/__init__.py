"""Free text into ordered labels, a language and a flag of danger: pure, deterministic, explicit.

Not here: what is answered, and any memory of what was said before.
"""

from flows.understand.core import Understanding, understand
from flows.understand.text import normal
from flows.understand.whole import opt_word

__all__ = ["Understanding", "normal", "opt_word", "understand"]
