"""`python -m bench [turns|pages|memory|profile|understanding|sweep]… [--quick]`: measures, prints, writes results.md.

Lives here: the command. `--quick` is a smoke test of seconds: it writes work/quick.md and its figures mean nothing.
"""

import argparse
from importlib import import_module

from bench.report import publish

SECTIONS = ("profile", "understanding", "memory", "sweep", "turns", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the hotline.")
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(SECTIONS) + " (all, if none is named)")
    parser.add_argument("--quick", action="store_true", help="short runs, to see that all works")
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(unknown)}")
    for name in asked.sections or SECTIONS:
        print(f"{name}:", flush=True)
        section = import_module(f"bench.{name}").measure(asked.quick)
        print(section.text, flush=True)
        print(f"-> {publish(section, asked.quick)}\n", flush=True)


if __name__ == "__main__":
    main()
