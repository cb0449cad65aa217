"""Asks whether a pinned requirement has a known vulnerability: for `make check`, and `make audit`.

pip-audit asks the vulnerability service of the package registry. Where that cannot be reached, or knows none of the
packages (a mirror without such data says of each that it was not found), nothing was audited: that is said plainly, and
is no error, for checks must run offline, too. AUDIT=required makes it one: set it where there is a network.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "dev.txt"
"""Holds the pins of all other files, too: tests/codebase/test_hygiene.py."""
SECONDS = 180
ACCEPTED: dict[str, str] = {}
"""Id of a vulnerability -> why it does not concern us; with a date after which somebody looks again."""


class Vulnerability(NamedTuple):
    """A known one, of a version that is pinned."""

    package: str
    version: str
    id: str
    fixed_in: str


class Audit(NamedTuple):
    """What was found."""

    audited: int
    """Packages about which the service answered."""
    unknown: int
    """Packages that it does not know."""
    found: list[Vulnerability]
    problem: str = ""
    """Why nothing was answered at all; empty: something was."""


def main() -> int:
    """Audit, say what was found, and return the exit status: 1 where there is something to mend."""
    audit = run_audit()
    print(in_words(audit))
    return status_of(audit, is_required=os.environ.get("AUDIT", "") == "required")


def run_audit(command: list[str] | None = None, seconds: float = SECONDS) -> Audit:
    """Run pip-audit over the pins."""
    command = command or [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(REQUIREMENTS), "--require-hashes", "--disable-pip"),
        *("--progress-spinner", "off", "--format", "json", "--timeout", "15"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        return Audit(0, 0, [], f"no answer within {seconds:.0f} seconds")
    except OSError as error:
        return Audit(0, 0, [], f"pip-audit cannot be run ({error})")
    return read(done.stdout, done.stderr)


def read(report: str, said: str) -> Audit:
    """Return what pip-audit's JSON says; `said` is what it wrote to stderr."""
    try:
        rows: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = said.strip().splitlines()[-1:] or ["it said nothing"]
        return Audit(0, 0, [], last[0][:300])
    known = [row for row in rows if "skip_reason" not in row]
    found = [
        Vulnerability(row["name"], row["version"], one["id"], ", ".join(one.get("fix_versions") or ()))
        for row in known
        for one in row.get("vulns", ())
        if one["id"] not in ACCEPTED and ACCEPTED.keys().isdisjoint(one.get("aliases") or ())
    ]
    return Audit(len(known), len(rows) - len(known), found)


def in_words(audit: Audit) -> str:
    """Return what was found, for people."""
    if not audit.audited:
        why = audit.problem or f"the service knows none of {audit.unknown} packages"
        return f"The requirements were NOT audited: {why}. Run `make audit` where the service can be reached."
    about = f"{audit.audited} packages audited" + (f", {audit.unknown} are not known there" if audit.unknown else "")
    lines = [
        f"  {one.package} {one.version}: {one.id}" + (f", mended in {one.fixed_in}" if one.fixed_in else "")
        for one in audit.found
    ]
    verdict = f"{len(audit.found)} known vulnerabilities" if audit.found else "no known vulnerability"
    return "\n".join([f"{about}: {verdict}.", *lines])


def status_of(audit: Audit, *, is_required: bool) -> int:
    """Return 1 where a vulnerability is known, or where an audit is required and there was none; else 0."""
    return int(bool(audit.found) or (is_required and not audit.audited))


if __name__ == "__main__":
    raise SystemExit(main())
