"""A rehearsal as tables on the terminal: what changes in the policy, in outcomes, by rule and by comment."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from belowline.cli.calibrate import percent
from belowline.engine.decision import Outcome
from belowline.engine.policy import Policy
from belowline.engine.policy_changes import policy_changes
from belowline.engine.rehearsal import KIND_WORDS, Rehearsal, RuleFigures, RuleSide, Split
from belowline.engine.standing import OUTCOMES

NAMES = {Outcome.PUBLISH: "published", Outcome.HOLD: "held", Outcome.REJECT: "rejected"}
SHOWN_CHANGES = 10
EXCERPT = 72
"""Characters of a comment that the table shows."""


def show(found: Rehearsal, before: Policy, after: Policy) -> None:
    """Print the tables."""
    console = Console()
    console.print(_changes(before, after), _outcomes(found), *_rules(found))
    if not found.changed:
        console.print("No comment changes sides.")
        return
    console.print(_kinds(found))
    console.print(_comments(found), highlight=False)


def _changes(before: Policy, after: Policy) -> Table | str:
    rows = policy_changes(before, after)
    if not rows:
        return "The two policies have the same rules and settings."
    table = Table("", "what", "now", "new", title=f"{escape(before.version)} → {escape(after.version)}")
    for row in rows:
        cells = (row.code or row.place, row.what, row.before or "-", row.after or "-")
        table.add_row(*(escape(" ".join(cell.split())) for cell in cells))
    return table


def _outcomes(found: Rehearsal) -> Table:
    table = Table(
        "", "now", "refused by moderators", "new", "refused by moderators", title=f"{found.comments:,} comments"
    )
    for outcome in OUTCOMES:
        old, new = found.before.of(outcome), found.after.of(outcome)
        table.add_row(NAMES[outcome], f"{old.total:,}", refused(old), f"{new.total:,}", refused(new))
    return table


def refused(split: Split) -> str:
    """Return how many of some comments moderators had refused, and what share of those that a person had seen."""
    share = split.bad_share
    if share is None:
        return "no person has looked" if split.unseen else "-"
    words = f"{split.bad:,} = {percent(share)}"
    return f"{words} of {split.good + split.bad:,} seen" if split.unseen else words


def _rules(found: Rehearsal) -> list[Table]:
    tables = []
    for background, title in ((False, "Rules"), (True, "In the background: counted, do not act")):
        table = Table(
            "rule", "met now", "new", "alone now", "new", "refused by moderators", "for this rule", title=title
        )
        for code, rule in found.rules.items():
            last = rule.after or rule.before
            if last and last.background == background and (_met(rule.before) or _met(rule.after)):
                table.add_row(code, *rule_cells(rule))
        if table.row_count:
            tables.append(table)
    return tables


def _met(side: RuleSide | None) -> int:
    return side.met.total if side else 0


def rule_cells(rule: RuleFigures) -> tuple[str, ...]:
    """Return what the table says of a rule; the last two are of the new policy, or of the old one without it."""
    sides = rule.before, rule.after
    met = (f"{side.met.total:,}" if side else "-" for side in sides)
    alone = (f"{side.alone.total:,}" if side else "-" for side in sides)
    last = rule.after or rule.before
    return (*met, *alone, refused(last.met) if last else "-", f"{last.named:,}" if last else "-")


def _kinds(found: Rehearsal) -> Table:
    table = Table("", "comments", title=f"{found.changed:,} comments change sides")
    for kind, number in found.kinds.items():
        if number:
            table.add_row(KIND_WORDS[kind], f"{number:,}")
    return table


def _comments(found: Rehearsal) -> str:
    """Return the worst changes, two lines each; a table would leave their texts no room."""
    lines = ["The worst of them:"]
    for change in found.changes[:SHOWN_CHANGES]:
        moderators = {"bad": "refused", "good": "published"}.get(change.kind.partition("_")[0], "")
        words = f"moderators had {moderators} it" if moderators else "no person has looked at it"
        score = "unchecked" if change.score is None else f"{change.score:.2f}"
        move = f"{NAMES[change.before]} → {NAMES[change.after]}"
        lines.append(f"{change.key}: {move}, {score} {', '.join(change.rules)}; {words}")
        if text := change.text.strip():
            lines.append(f"    {excerpt(text)}")
    return escape("\n".join(lines))


def excerpt(text: str) -> str:
    """Return the beginning of a text, without anything that a terminal would obey."""
    shown = "".join(one if one.isprintable() else " " for one in text[:EXCERPT])
    return f"{shown}…" if len(text) > EXCERPT else shown
