"""An evaluation of the on-topic judgement as one HTML page."""

from collections.abc import Iterator
from html import escape

from belowline.lab.charts import percent, reliability_chart
from belowline.lab.metrics import Estimate
from belowline.lab.page import DOTS, TONES, draw_chart, draw_key, draw_table, draw_tiles, whole_page
from belowline.lab.topic_charts import interval_chart, risk_chart
from belowline.lab.topic_report import FileResult, LevelResult, TopicReport
from belowline.lab.topic_tables import between, counted, remarks, slices_of

TILES = ("N0", "N2", "N3", "nearest", "R0")
"""The levels that stand out, in this order, as far as there are any."""
MOST_TILES = 4


def render_page(report: TopicReport) -> str:
    """Return the page of an evaluation."""
    note = (
        f"Belowline {report.belowline}. Scores say how likely a comment is off topic; the shipped policy holds it from "
        f"{report.threshold:g} on. Intervals are 95 %, from {report.resamples} draws of whole stories; "
        f"seed {report.seed}."
    )
    sections = (_section(f"f{number}", found) for number, found in enumerate(report.files, 1))
    return whole_page(f"On-topic judgement of {report.model}", note, sections)


def _section(name: str, found: FileResult) -> str:
    parts = [f"<h2>{escape(found.file)}</h2>", f"<p class='quiet'>{escape(counted(found))}.</p>"]
    if found.levels:
        parts += [_tiles(found), f"<div class='charts'>{''.join(_charts(name, found))}</div>", *_tables(found)]
    parts += [f"<p>{escape(line)}</p>" for line in remarks(found)]
    return "<section>\n" + "\n".join(parts) + "\n</section>"


def _tiles(found: FileResult) -> str:
    by_name = {level.level: level for level in found.levels}
    shown = [by_name[name] for name in TILES if name in by_name][:MOST_TILES]
    tiles = [(f"AUROC, {one.level}", f"{one.auroc.value:.3f}", one.what) for one in shown]
    first = found.levels[0]
    return draw_tiles(
        [
            *tiles,
            (f"Wrongly held, {first.level}", percent(first.held.value), _percents(first.held)),
            (f"Caught, {first.level}", percent(first.caught.value), _percents(first.caught)),
        ]
    )


def _charts(name: str, found: FileResult) -> Iterator[str]:
    first = found.levels[0]
    measures = ("Belowline", *first.baselines)
    rows = [(one.level, [one.auroc, *(base.auroc for base in one.baselines.values())]) for one in found.levels]
    key = draw_key(zip(TONES, DOTS, measures, strict=False))
    yield draw_chart(
        "AUROC at each level",
        "Left is worse; the easiest level stands on top." + key,
        interval_chart(rows, f"{name}a", _start(rows)),
    )
    held = [(one.level, [one.caught_at_1, one.caught_at_5]) for one in found.levels]
    key = draw_key(zip(TONES, DOTS, ("1 %", "5 %"), strict=False))
    yield draw_chart(
        "Caught where few are wrongly held",
        "Of the wrong pairs, where so many right ones are held." + key,
        interval_chart(held, f"{name}c"),
    )
    steps = [(step.known, [step.auroc]) for step in found.ablation]
    yield draw_chart(
        "What the article and the thread are worth",
        f"AUROC at {first.level} with so much known.",
        interval_chart(steps, f"{name}s", _start(steps)),
    )
    yield draw_chart(
        "Risk and coverage",
        f"The machine decides where it is sure ({first.level}).",
        risk_chart(found.risk, f"{name}k"),
    )
    label = f"{first.level}: half of the pairs are wrong"
    yield draw_chart(
        "Reliability",
        "On the broken line a score is the share that it promises.",
        reliability_chart([(label, first.ece, found.bins)], f"{name}r", "share of wrong pairs"),
    )
    for title, slices in slices_of(found)[:1]:
        rows = [(one.name, [one.auroc]) for one in slices]
        yield draw_chart(title, "AUROC; a short comment says little.", interval_chart(rows, f"{name}l", _start(rows)))


def _tables(found: FileResult) -> Iterator[str]:
    head = (
        "level",
        "comments",
        "stories",
        "AUROC",
        "AP",
        "caught at 1 %",
        "at 5 %",
        "held",
        "caught",
        "mean, own",
        "mean, other",
        "ECE",
        "Brier",
        *found.levels[0].baselines,
    )
    yield draw_table("All figures by level", head, map(_cells, found.levels))
    yield draw_table("What the levels are", ("level", "negative"), [(one.level, one.what) for one in found.levels])
    yield draw_table(
        "Ablation",
        ("known of the story", "comments", "AUROC"),
        [(one.known, f"{one.comments:,}", between(one.auroc)) for one in found.ablation],
    )
    for level in found.levels:
        parts = [*level.by_length, *level.by_depth, *level.by_section]
        yield draw_table(
            f"{level.level} by length, depth and section",
            ("of", "comments", "AUROC", "held"),
            [(one.name, f"{one.comments:,}", between(one.auroc), between(one.held)) for one in parts],
        )
    yield draw_table(
        "Risk and coverage",
        ("sure from", "accepted", "human", "held", "of the decided wrong"),
        [
            (f"{one.sure:g}", *(percent(share) for share in (one.accepted, one.human, one.held, one.risk)))
            for one in found.risk
        ],
    )


def _cells(level: LevelResult) -> tuple[str, ...]:
    estimates = (level.auroc, level.average_precision, level.caught_at_1, level.caught_at_5, level.held, level.caught)
    plain = (level.mean_own, level.mean_other, level.ece, level.brier)
    return (
        level.level,
        f"{level.comments:,}",
        f"{level.stories:,}",
        *map(between, estimates),
        *(f"{value:.3f}" for value in plain),
        *(between(one.auroc) for one in level.baselines.values()),
    )


def _percents(found: Estimate) -> str:
    return f"{percent(found.low)} to {percent(found.high)}"


def _start(rows: list[tuple[str, list[Estimate]]]) -> float:
    """Return where a scale begins: at 0.5, or below the lowest interval."""
    lowest = min((one.low for _, estimates in rows for one in estimates), default=0.5)
    return max(0.0, min(0.5, lowest - 0.02))
