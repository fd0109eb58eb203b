"""The benchmark: the hotline against its ceiling and its peers, its memory, its turn's CPU, and how late it is.

Lives here: what `make bench` runs; it writes results.md. Not here: anything that the hotline itself imports.
"""
