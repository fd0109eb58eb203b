"""`python -m flows.understand`: JSON lines {"id", "text"} to {"id", "labels", "language", "danger"} and more.

Not here: any understanding.
"""

import json
import sys

from flows.understand import understand


def main() -> None:
    """One answer for each line; a line that is not such an object is answered as an empty message."""
    for raw in sys.stdin.buffer:
        try:
            line = json.loads(raw.decode("utf-8", "replace"))
            number, text = line.get("id"), str(line.get("text") or "")
        except (ValueError, AttributeError, RecursionError):
            number, text = None, ""
        got = understand(text)
        answer = {
            "id": number,
            "labels": list(got.labels),
            "language": got.language,
            "danger": got.danger,
            "kind": got.kind,
            "acts": list(got.acts),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
