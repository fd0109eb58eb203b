"""`python -m flows.diagram`: draws the state machine into docs/flows/, as Mermaid; as SVG too with Graphviz.

Lives here: the picture of the code, made by the code; a test holds each to it.
"""

import shutil
import subprocess
from pathlib import Path

from flows.machines.conversation import Conversation
from flows.machines.talk import Talk

FOLDER = Path(__file__).resolve().parent.parent / "docs/flows"


def edges() -> list[tuple[str, str, str]]:
    """(from, to, event) of every transition that leads elsewhere, those from everywhere gathered under `*`."""
    found: dict[tuple[str, str], set[str]] = {}
    states = list(Conversation.states)
    for state in states:
        for transition in state.transitions:
            if transition.target is not None and transition.target.id != state.id:
                found.setdefault((transition.target.id, transition.event), set()).add(state.id)
    out = []
    for (target, event), sources in found.items():
        everywhere = len(sources) >= len(states) - 1
        out += [("*", target, event)] if everywhere else [(source, target, event) for source in sources]
    return sorted(out)


def mermaid() -> str:
    """The conversation as a Mermaid state diagram: one arrow a pair of states, events joined."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, target, event in edges():
        arrows.setdefault((source, target), []).append(event)
    lines = ["stateDiagram-v2", "    state anywhere"]
    lines += [f"    {'anywhere' if source == '*' else source} --> {target}: {', '.join(events)}"
              for (source, target), events in sorted(arrows.items())]  # fmt: skip
    return "\n".join(lines) + "\n"


def page() -> str:
    return f"# The conversation\n\nMade by `python -m flows.diagram`. Do not edit.\n\n```mermaid\n{mermaid()}```\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "conversation.md").write_text(page(), encoding="utf-8")
    if shutil.which("dot"):
        talk = Talk()
        talk.state = "new"
        dot = f"{Conversation(model=talk):dot}"
        subprocess.run(["dot", "-Tsvg", "-o", str(FOLDER / "conversation.svg")], input=dot, text=True, check=False)  # noqa: S603, S607
    print(f"Drawn into {FOLDER.name}/")


if __name__ == "__main__":
    main()
