"""scripts/audit.py: a known vulnerability fails the check, and no answer is never taken for a clean one."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "scripts" / "audit.py"


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("belowline_audit", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*rows):
    return json.dumps({"dependencies": list(rows), "fixes": []})


CLEAN = {"name": "click", "version": "8.4.0", "vulns": []}
BAD = {
    "name": "example",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1", "2.0"], "aliases": ["CVE-2026-1"], "description": "x"}],
}
UNKNOWN = {"name": "numpy", "skip_reason": "Dependency not found and could not be audited: numpy (2.4)"}


@pytest.mark.parametrize(
    ("out", "err", "status", "required", "said"),
    [
        (report(CLEAN), "No known vulnerabilities found", 0, 0, "1 packages audited: no known vulnerability."),
        (report(CLEAN, BAD), "Found 1", 1, 1, "example 1.0: PYSEC-2026-1, mended in 1.1, 2.0"),
        (report(CLEAN, UNKNOWN), "", 0, 0, "1 packages audited, 1 are not known there: no known vulnerability."),
        (report(UNKNOWN, UNKNOWN), "No known vulnerabilities found", 0, 1, "NOT audited: the service knows none of 2"),
        ("", "ERROR:x\nConnectionError: could not connect", 0, 1, "NOT audited: ConnectionError: could not connect"),
        ("", "", 0, 1, "NOT audited: it said nothing"),
        ("[]", "odd", 0, 1, "NOT audited: odd"),
    ],
    ids=["none", "found", "in part", "a mirror that knows nothing", "unreachable", "silent", "another form"],
)
def test_what_is_made_of_a_report(audit, out, err, status, required, said):  # noqa: PLR0917 - a table
    found = audit.read(out, err)

    assert said in audit.in_words(found)
    assert audit.status_of(found, is_required=False) == status
    assert audit.status_of(found, is_required=True) == required


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-1"])
def test_what_does_not_concern_us_is_accepted_with_a_reason(audit, monkeypatch, name):
    monkeypatch.setattr(audit, "ACCEPTED", {name: "we do not call it"})

    assert audit.read(report(BAD), "").found == []


def test_every_accepted_one_has_a_reason(audit):
    assert all(len(reason) > 20 for reason in audit.ACCEPTED.values())


def test_a_process_that_hangs_or_is_not_there(audit):
    hangs = audit.run_audit([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    assert (hangs.audited, hangs.problem) == (0, "no answer within 0 seconds")
    assert "cannot be run" in audit.run_audit(["/nowhere/pip-audit"]).problem


def test_a_process_that_reports(audit):
    found = audit.run_audit([sys.executable, "-c", f"print({report(BAD)!r})"])

    assert [one.id for one in found.found] == ["PYSEC-2026-1"]


def test_all_pins_are_asked_about(audit):
    assert audit.REQUIREMENTS.name == "dev.txt"
    assert audit.REQUIREMENTS.exists()


def test_make_check_audits():
    makefile = (PATH.parents[1] / "Makefile").read_text("utf-8")
    check = makefile.partition("\ncheck: ")[2].partition("\n\n")[0]

    assert "scripts/audit.py" in check
