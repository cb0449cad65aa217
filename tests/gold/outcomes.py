"""Judges the gold comments under a story and prints what became of each, with the errors named.

    python tests/gold/outcomes.py [--story FILE] [--markdown FILE]

Without --story it takes tests/gold/story.md, which tells the same news in our own words.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from belowline import Decision, Engine, Parent, Story, Submission

HERE = Path(__file__).parent
EXCERPT = 60


class Row(NamedTuple):
    """A gold comment with its decision."""

    comment: dict[str, Any]
    decision: Decision

    @property
    def is_right(self) -> bool:
        """Whether the outcome is the expected one."""
        return str(self.decision.outcome) == self.comment["expected"]

    @property
    def names_a_rule(self) -> bool:
        """Whether a held comment is held under one of the expected rules."""
        return bool({reason.rule for reason in self.decision.reasons} & set(self.comment["expected_rules"]))


def read_story(path: Path) -> Story:
    """Read a story: front matter, or the title in the first line."""
    lines = path.read_text("utf-8").strip().splitlines()
    fields: dict[str, str] = {}
    if lines[0] == "---":
        end = lines.index("---", 1)
        fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:end])}
        lines = lines[end + 1 :]
    stop = next((index for index, line in enumerate(lines) if line.strip().lower() == "comments"), len(lines))
    title = fields.get("title") or lines[0]
    body = "\n".join(lines[:stop] if "title" in fields else lines[1:stop])
    return Story(title=title, standfirst=fields.get("standfirst", ""), body=body, section=fields.get("section", ""))


def judge_gold(story: Story, engine: Engine | None = None) -> list[Row]:
    """Judge every gold comment under the story, replies with their parents."""
    engine = engine or Engine.load()
    lines = (HERE / "seed_comments.jsonl").read_text("utf-8").splitlines()
    comments = {row["id"]: row for row in map(json.loads, lines)}

    def parent_of(row: dict[str, Any]) -> Parent | None:
        if not row["parent"]:
            return None
        above = root = comments[row["parent"]]
        while root["parent"]:
            root = comments[root["parent"]]
        return Parent(text=above["text"], root_text="" if root is above else root["text"])

    return [
        Row(row, engine.judge(Submission(id=row["id"], text=row["text"], story=story, parent=parent_of(row))))
        for row in comments.values()
    ]


def by_category(rows: list[Row]) -> dict[str, list[Row]]:
    """Group the rows by category, in the order of the file."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.comment["category"]].append(row)
    return groups


def markdown(rows: list[Row]) -> str:
    """Return the table of outcomes, and the list of errors."""
    lines = [
        "| category | comments | published | held | as expected | under an expected rule |",
        "|---|---|---|---|---|---|",
    ]
    for category, group in by_category(rows).items():
        published = sum(str(row.decision.outcome) == "publish" for row in group)
        due = [row for row in group if row.comment["expected"] == "hold"]
        named = f"{sum(row.names_a_rule for row in due)} of {len(due)}" if due else ""
        right = sum(row.is_right for row in group)
        lines.append(f"| {category} | {len(group)} | {published} | {len(group) - published} | {right} | {named} |")
    right = sum(row.is_right for row in rows)
    lines += ["", f"{right} of {len(rows)} outcomes are as expected. The others:", ""]
    lines += ["| id | category | expected | outcome | rules met | begins |", "|---|---|---|---|---|---|"]
    for row in rows:
        if not row.is_right:
            met = ", ".join(f"{reason.rule} {_number(reason.score)}" for reason in row.decision.reasons) or "none"
            begins = " ".join(row.comment["text"].split())[:EXCERPT].replace("|", "/")
            lines.append(
                f"| {row.comment['id']} | {row.comment['category']} | {row.comment['expected']} | "
                f"{row.decision.outcome} | {met} | {begins} |"
            )
    return "\n".join(lines) + "\n"


def _number(score: float | None) -> str:
    return "unchecked" if score is None else f"{score:.2f}"


def main() -> None:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--story", type=Path, default=HERE / "story.md")
    parser.add_argument("--markdown", type=Path, help="Put the table between the markers of this file.")
    options = parser.parse_args()
    table = markdown(judge_gold(read_story(options.story)))
    if options.markdown is None:
        print(table)
        return
    text = options.markdown.read_text("utf-8")
    before, after = text.split("<!-- outcomes -->")[0], text.split("<!-- /outcomes -->")[1]
    options.markdown.write_text(f"{before}<!-- outcomes -->\n{table}<!-- /outcomes -->{after}", "utf-8")


if __name__ == "__main__":
    main()
