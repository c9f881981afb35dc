"""Try a running service: `python -m tests.api.conformance http://127.0.0.1:8000/v1 [beginning of names]`."""

from __future__ import annotations

import sys

from tests.api.conformance.requirements import Outcome
from tests.api.conformance.trial import run, table


def main(arguments: list[str]) -> int:
    """Try, print, and end with 0 only if every requirement that applies is kept."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)  # noqa: T201 - a program for the command line
        return 2
    results, left = run(arguments[0], *arguments[1:])
    for one in results:
        if one.outcome in {Outcome.BROKEN, Outcome.NOTHING}:
            print(f"{one.outcome:>15}  {one.requirement.id}: {one.told[:600]}")  # noqa: T201 - as above
    print(table(results))  # noqa: T201 - as above
    if len(arguments) == 1 and left:
        print("declared and not exercised:", *left, sep="\n  ")  # noqa: T201 - as above
    broken = any(one.outcome == Outcome.BROKEN for one in results)
    return int(broken or (len(arguments) == 1 and bool(left)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
