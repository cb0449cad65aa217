"""What is told of a check: a line for each case, a summary, or JSON."""

import json
from collections import Counter
from collections.abc import Sequence

from belowline.compat.check.runner import Result, Verdict


def describe(result: Result) -> str:
    """Return the lines about one case: what was expected and came only where they differ."""
    head = f"{result.verdict:<10}  {result.case.group}: {result.case.name}"
    if result.verdict is Verdict.OK:
        return head
    return f"{head}\n{'':12}expected {result.case.expected.describe()}\n{'':12}came     {result.came}"


def summarise(results: Sequence[Result]) -> str:
    """Return the line at the end."""
    contract = Counter(result.verdict for result in results if not result.case.is_extra)
    extra = Counter(result.verdict for result in results if result.case.is_extra)
    counts = ", ".join(f"{contract[verdict]} {verdict}" for verdict in Verdict)
    ours = f"{extra[Verdict.OK]} of {extra.total()}"
    return f"{contract.total()} cases of the contract: {counts}. Belowline's extras: {ours}."


def is_same(results: Sequence[Result]) -> bool:
    """Say whether all cases of the contract came out as expected; the extras do not count."""
    return all(result.verdict is Verdict.OK for result in results if not result.case.is_extra)


def as_json(address: str, results: Sequence[Result]) -> str:
    """Return everything as one JSON object."""
    rows = [
        {
            "group": result.case.group,
            "name": result.case.name,
            "is_extra": result.case.is_extra,
            "verdict": result.verdict,
            "expected": result.case.expected.describe(),
            "came": result.came,
        }
        for result in results
    ]
    whole = {"url": address, "is_same": is_same(results), "summary": summarise(results), "cases": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2)
