"""The conversations, one a file, as state charts (python-statemachine)."""
