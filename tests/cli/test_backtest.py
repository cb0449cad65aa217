"""`belowline backtest`: a made-up past in, and what another policy would have made of it out."""

import json
import re
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.cli.rehearsal_table import EXCERPT, excerpt
from belowline.engine.policy import default_policy_text, parse_policy

POLICY = """[policy]
name = "Gazette"
sentence = "Be kind."

[rules.rude]
title = "Rude"
score = "insult"
hold = 0.6
for_readers = "No."
for_moderators = "Weigh."
explanation = "“{excerpt}”!"

[rules.off_topic]
title = "Off topic"
score = "off_topic"
hold = 0.7
unchecked = "ignore"
for_readers = "No."
for_moderators = "Weigh."
explanation = "Not about “{story}”."
"""
STORY = {"title": "The harbour bridge", "section": "news"}


def line(insult, outcome="published", **more):
    scores = {"insult": insult, "off_topic": None}
    return {"text": f"A remark of {insult}", "outcome": outcome, "scores": scores, "section": "news"} | more


PAST = [
    line(0.1),
    line(0.5),
    line(0.5, "refused", rule="rude"),
    line(0.9, "refused", id="c-9"),
    line(0.7),
]


@pytest.fixture
def write(tmp_path):
    """Write a policy; pairs of old and new text change it."""

    def call(*pairs, name="new.toml", start=POLICY):
        text = start
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return call


@pytest.fixture
def backtest(run, write, tmp_path):
    """Run the command against POLICY; what it wrote comes back as `.figures` and `.page`."""

    def call(new, *options, lines=PAST, against=POLICY):
        files = tmp_path / "out.json", tmp_path / "out.html"
        old = write(name="old.toml", start=against)
        result = run(
            *("backtest", new, "--on", "-", "--against", old, "--json", files[0], "--html", files[1], *options),
            lines=lines,
        )
        result.figures = json.loads(files[0].read_text("utf-8")) if files[0].exists() else None
        result.page = files[1].read_text("utf-8") if files[1].exists() else None
        return result

    return call


def split(good=0, bad=0, unseen=0):
    return {"good": good, "bad": bad, "unseen": unseen}


def test_what_another_threshold_would_have_done(backtest, write):
    result = backtest(write(("hold = 0.6", "hold = 0.4")))

    assert result.exit_code == 0, result.stderr
    found = result.figures
    assert found["comments"] == 5
    assert (found["before"]["publish"], found["before"]["hold"]) == (split(2, 1), split(1, 1))
    assert (found["after"]["publish"], found["after"]["hold"]) == (split(1, 0), split(2, 2))
    assert found["before"]["policy"] == parse_policy(POLICY).version
    assert {kind: number for kind, number in found["kinds"].items() if number} == {"good_stopped": 1, "bad_stopped": 1}
    assert found["rules"]["rude"]["after"]["met"] == split(2, 2)
    assert found["rules"]["rude"]["after"]["named"] == 1


def test_the_worst_come_first_and_are_named(backtest, write):
    result = backtest(write(("hold = 0.6", "hold = 0.95")))

    changes = result.figures["changes"]
    assert [(one["key"], one["kind"], one["score"]) for one in changes] == [
        ("c-9", "bad_eased", 0.9),
        ("line 5", "good_eased", 0.7),
    ]
    assert changes[0]["text"] == "A remark of 0.9"
    assert "c-9: held → published, 0.90 rude; moderators had refused it\n    A remark of 0.9" in result.stdout
    assert "2 comments change sides" in result.stdout


def test_the_tables_on_standard_output(backtest, write):
    shown = " ".join(backtest(write(("hold = 0.6", "hold = 0.4"))).stdout.split())

    assert "│ rude │ held from │ 0.6 │ 0.4 │" in shown
    assert "5 comments" in shown
    assert "│ published │ 3 │ 1 = 33.3 % │ 1 │ 0 = 0 % │" in shown
    assert "│ held │ 2 │ 1 = 50 % │ 4 │ 2 = 50 % │" in shown
    assert "│ rude │ 2 │ 4 │ 2 │ 4 │ 2 = 50 % │ 1 │" in shown


def test_the_same_policy_changes_nothing(backtest, write):
    result = backtest(write())

    assert "The two policies have the same rules and settings." in result.stdout
    assert "No comment changes sides." in result.stdout
    assert result.figures["changes"] == []
    assert "None does." in result.page


def test_background_rules_are_counted_apart(backtest, write):
    shown = backtest(write(("hold = 0.6", "hold = 0.6\nbackground = true"))).stdout

    assert "In the background: counted, do not act" in shown
    assert "2 comments change sides" in shown


def test_without_against_it_is_the_shipped_policy(run, write):
    scores = {"insult": 0.8}
    result = run("backtest", write(), "--on", "-", lines=[line(0.8, scores=scores)])

    assert parse_policy(default_policy_text()).version in re.sub(r"\s", "", result.stdout)


def test_a_file_is_read(run, write, tmp_path):
    path = tmp_path / "past.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in PAST), "utf-8")

    assert "5 comments" in run("backtest", write(), "--on", path, "--against", write(name="b.toml")).stdout


def test_comments_without_scores_are_scored(backtest, write):
    """The small engine knows one insult (0.9123), and what shares a word with the title."""
    lines = [
        {"text": "the bridge - you idiot", "outcome": "refused", "story": STORY},
        {"text": "the bridge is fine", "outcome": "published", "story": STORY},
    ]

    found = backtest(write(("hold = 0.6", "hold = 0.95")), lines=lines).figures

    assert (found["before"]["hold"], found["after"]["publish"]) == (split(0, 1), split(1, 1))


def test_scored_and_unscored_lines_may_stand_side_by_side(backtest, write):
    lines = [*PAST, {"text": "the bridge - you idiot", "outcome": "refused", "story": STORY}]

    found = backtest(write(), lines=lines).figures

    assert found["comments"] == 6
    assert found["before"]["hold"] == split(1, 2)


def test_other_settings_are_measured_anew_with_the_real_engine(process, write, tmp_path):
    """Nobody knows the banned word yet: the score that the line brings says nothing of the new list."""
    rule = POLICY.replace('"insult"', '"banned_word"')
    old = write(name="old.toml", start=rule)
    new = write(("[rules.rude]", '[settings]\nbanned_words = ["wombat"]\n\n[rules.rude]'), start=rule)
    past = tmp_path / "past.jsonl"
    scores = {"banned_word": 0.0, "off_topic": 0.0}
    texts = ["What a wombat of a bridge", "A fine bridge", ""]
    lines = [{"text": text, "outcome": "published", "scores": scores} for text in texts]
    past.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    out = tmp_path / "out.json"

    done = process("backtest", new, "--on", past, "--against", old, "--json", out, real=True)

    assert done.returncode == 0, done.stderr
    assert [one["key"] for one in json.loads(out.read_text("utf-8"))["changes"]] == ["line 1"]
    assert b"Note: 1 lines bring scores and no text" in done.stderr
    assert b"banned_word; give the texts, too" in done.stderr.replace(b"\n", b" ")


def test_the_page_needs_nothing_else(backtest, write):
    page = backtest(write(("hold = 0.6", "hold = 0.4"))).page

    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 2
    assert "Rude: scores and threshold" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<script|https?://|<link|<img", page)
    assert "Stricter, though moderators had published it" in page


def test_the_page_escapes_what_people_wrote(backtest, write):
    lines = [line(0.9, "refused", text="<b>Marjorie</b>", id="<i>", rule="<u>")]
    page = backtest(write(("hold = 0.6", "hold = 0.95"), ('"Rude"', '"<s>Rude"')), lines=lines).page

    assert "&lt;b&gt;Marjorie&lt;/b&gt;" in page
    assert not re.search(r"<b>Marjorie|<i>|<s>|<u>", page)


def test_the_terminal_is_not_driven_by_a_comment(backtest, write):
    lines = [line(0.9, "refused", text="\x1b[31mred\x07 [bold]x[/bold]\nnext", id="[red]7")]

    shown = backtest(write(("hold = 0.6", "hold = 0.95")), lines=lines).stdout

    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]7: held → published" in shown
    assert " [31mred  [bold]x[/bold] next" in shown


@given(st.text(max_size=200))
def test_an_excerpt_is_printable_and_short(text):
    shown = excerpt(text)

    assert shown.isprintable()
    assert len(shown) <= EXCERPT + 1


def test_so_many_are_listed_as_were_asked_for(backtest, write):
    lines = [line(0.9, "refused") for _ in range(50)]

    found = backtest(write(("hold = 0.6", "hold = 0.95")), "--list", "7", lines=lines).figures

    assert (len(found["changes"]), found["kinds"]["bad_eased"]) == (7, 50)


def test_without_files_to_write_the_tables_come_all_the_same(run, write):
    result = run("backtest", write(), "--on", "-", "--against", write(name="old.toml"), lines=PAST)

    assert result.exit_code == 0
    assert "5 comments" in result.stdout
    assert "Wrote" not in result.stderr


@pytest.mark.parametrize("given_pasts", [(), ("--on", "-", "--site", "gazette")], ids=["none", "both"])
def test_exactly_one_past(run, write, given_pasts):
    result = run("backtest", write(), *given_pasts, lines=PAST)

    assert result.exit_code == 2
    assert "--on HISTORY or --site SITE" in result.stderr


@pytest.mark.parametrize(
    "wrong", ["{", line(0.1, "held"), {"text": "", "outcome": "published"}], ids=["JSON", "held", "empty"]
)
def test_a_wrong_line_is_named_and_nothing_is_shown(backtest, write, wrong):
    result = backtest(write(), lines=[*PAST, wrong, *PAST])

    assert (result.exit_code, result.stdout, result.figures, result.page) == (2, "", None, None)
    assert "line 6: " in result.stderr
    assert "lines that cannot be read: 1; mend them. Nothing was compared" in result.stderr


def test_an_empty_past_is_refused(backtest, write):
    result = backtest(write(), lines=[])

    assert result.exit_code == 2
    assert "the history is empty" in result.stderr


def test_a_wrong_policy_is_refused(backtest, write):
    result = backtest(write(("hold = 0.6", "hold = 6")))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "rules.rude.hold: wrong value" in result.stderr


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_no_file_is_written_over_another(run, write, option):
    new = write()
    result = run("backtest", new, "--on", "-", option, new, lines=PAST)

    assert result.exit_code == 2
    assert "files of their own" in result.stderr
    assert new.read_text("utf-8") == POLICY


def test_a_missing_folder_is_noticed_first(run, write, tmp_path):
    result = run("backtest", write(), "--on", "-", "--json", tmp_path / "none" / "out.json", lines=["{"])

    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_a_rule_that_stops_everything_is_noted(backtest, write):
    result = backtest(write(('unchecked = "ignore"\n', "")))

    assert "Note: `off_topic` is met by every comment" in result.stderr


def test_one_sided_decisions_are_noted(backtest, write):
    assert "moderators refused none" in backtest(write(), lines=[line(0.1)] * 3).stderr


# --- a site's own past


@pytest.fixture
def site_command(run, site, monkeypatch):
    """Run the command on the site of this test's database."""
    from belowline.cli import django, loading
    from belowline.moderation.engine import base_engine

    monkeypatch.setattr(django, "set_up", lambda: None)
    monkeypatch.setattr(loading, "load_engine", base_engine)
    return run


def test_a_site_is_compared_with_what_acts_there(site_command, post, decide, policy_text, write):
    post("What a wombat of a bridge.")
    decide(post("Another wombat of a bridge.").comment)
    post("A fine bridge.")
    new = write(start=policy_text(banned=()))

    result = site_command("backtest", new, "--site", "gazette")

    assert result.exit_code == 0, result.stderr
    words = " ".join(result.stdout.split())
    assert "3 comments" in words
    assert "│ held │ 2 │ 0 = 0 % of 1 seen │ 0 │ - │" in words
    assert "│ Settings │ banned words │ wombat │ - │" in words
    assert "held → published, 1.00 banned_word; no person has looked at it What a wombat of a bridge." in words


def test_a_site_without_comments(site_command, site, write):
    result = site_command("backtest", write(), "--site", site.key)

    assert result.exit_code == 2
    assert "nothing was judged on The Gazette yet" in result.stderr


def test_an_unknown_site(site_command, write):
    result = site_command("backtest", write(), "--site", "herald")

    assert result.exit_code == 1
    assert "there is no site with the key herald" in result.stderr


def texts(count):
    words = ["You idiot", "a bridge", "Hello there"]
    return [
        {"text": f"{words[number % 3]} {number}", "outcome": "refused" if number % 4 else "published"}
        for number in range(count)
    ]


def test_several_processes_count_what_one_counts(backtest, write):
    new = write(("hold = 0.6", "hold = 0.95"))
    lines = [*texts(150), line(0.7, id="scored")]

    one, several = (backtest(new, "--processes", count, lines=lines) for count in (1, 3))

    assert (one.exit_code, several.exit_code) == (0, 0), several.stderr
    assert several.figures == one.figures
    assert several.stdout == one.stdout
    assert one.figures["comments"] == 151
    assert len(one.figures["changes"]) > 20


def test_a_wrong_line_among_several_processes_is_named_and_nothing_is_shown(backtest, write):
    result = backtest(write(), "--processes", 2, lines=[*texts(100), "{", *texts(100), "["])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 101: the line is not JSON" in result.stderr
    assert "line 202: " in result.stderr
    assert "lines that cannot be read: 2" in result.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--on", "ray"], "needs a HISTORY that is a file"),
        (["--on", "other.jsonl"], "--on takes one HISTORY"),
        (["--on", "ray", "--on", "local"], "--on takes one HISTORY"),
        (["--address", "head:6379"], "--address goes with --on ray"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_where_it_is_measured_is_said_once(backtest, write, options, words):
    result = backtest(write(), *options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_on_names_the_past_and_where_it_is_measured(run, write, tmp_path):
    path = tmp_path / "past.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in texts(5)), "utf-8")

    result = run("backtest", write(), "--on", "local", "--on", path)

    assert result.exit_code == 0, result.stderr
    assert "5 comments" in result.stdout


def test_without_ray_it_is_said_how_to_install_it(run, write, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    path = tmp_path / "past.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in texts(5)), "utf-8")

    result = run("backtest", write(), "--on", "ray", "--on", path)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'belowline[bulk]'" in result.stderr


def test_what_a_process_measures_comes_back_to_the_last_bit():
    from belowline.cli.measure_job import Out
    from belowline.engine.rehearsal_scores import Measured

    measured = Measured({"a": 0.1 + 0.2, "b": None}, {"a": 5e-324}, is_stale=True, causes=({"b": "no_story"}, {}))

    assert msgspec.json.decode(msgspec.json.encode(Out(measured)), type=Out).measured == measured


def test_a_comment_that_nobody_could_measure_stops_the_comparison():
    from belowline.bulk.lines import Answered
    from belowline.cli.loading import StartError
    from belowline.cli.measure_job import MeasureJob, joined

    died, _ = MeasureJob(parse_policy(POLICY), parse_policy(POLICY)).give_up(7, b"{}")

    with pytest.raises(StartError, match=r"line 7: the process that measured it was ended .* Nothing was compared"):
        list(joined([Answered(0, [7], [died], 1)], lambda: (7, None)))
