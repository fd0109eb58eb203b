"""A small linear classifier beside the rules: what is a message likely about, and how likely is it danger?

Not here: what follows from it (core.py), and the explicit lexicon of danger, which stands above it.
`make model` trains it on ../training and writes weights.bin.
"""

from flows.understand.model.reading import Opinion, opinion

__all__ = ["Opinion", "opinion"]
