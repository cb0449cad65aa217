"""`belowline calibrate`: a made-up history in, a proven policy and its certificate out."""

import json
import random
import tomllib

import pytest

from belowline.engine.decide import decide
from belowline.engine.decision import Outcome, Score
from belowline.engine.guarantees import upper_bound
from belowline.engine.policy import default_policy_text, parse_policy
from belowline.engine.submission import Submission

POLICY = """# The policy of the Gazette
[policy]
name = "Gazette"
sentence = "Be kind."

[rules.rude]
title = "Rude"
score = "insult"
hold = 0.6 # agreed in March
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


def decisions(count, *, seed=1, **more):
    """Decisions whose chance to be refusals grows with the score `insult`."""
    draw = random.Random(seed)
    lines = []
    for number in range(count):
        insult = round(draw.betavariate(0.5, 6), 4)
        refused = draw.random() < 1 / (1 + 2.718 ** (-18 * (insult - 0.45)))
        lines.append(
            {
                "text": "",
                "outcome": "refused" if refused else "published",
                "scores": {"insult": insult, "off_topic": None},
                "section": "sport" if number % 5 == 0 else "news",
                "language": "en",
            }
            | ({"rule": "rude"} if refused else {})
            | more
        )
    return lines


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, "utf-8")
    return path


@pytest.fixture
def calibrate(run, policy, tmp_path):
    """Run the command over lines; the files that it wrote come back as `.policy` and `.certificate`."""

    def call(lines, *options):
        out, certificate = tmp_path / "new.toml", tmp_path / "certificate.json"
        result = run(
            *("calibrate", "-", "--policy", policy, "--out", out, "--certificate", certificate, *options), lines=lines
        )
        result.policy = out.read_text("utf-8") if out.exists() else None
        result.certificate = json.loads(certificate.read_text("utf-8")) if certificate.exists() else None
        return result

    return call


def test_the_new_policy_decides_as_promised_on_the_newer_half(calibrate):
    lines = decisions(6_000)

    result = calibrate(lines, "--bad-published", "0.01", "--good-refused", "0.005")

    assert result.exit_code == 0, result.stderr
    new, after = parse_policy(result.policy), result.certificate["after"]
    outcomes = [outcome_of(new, line) for line in lines[3_000:]]
    bad = [line["outcome"] == "refused" for line in lines[3_000:]]
    published = [wrong for outcome, wrong in zip(outcomes, bad, strict=True) if outcome == Outcome.PUBLISH]
    rejected = [wrong for outcome, wrong in zip(outcomes, bad, strict=True) if outcome == Outcome.REJECT]
    assert (len(published), sum(published)) == (after["published"], after["bad_published"]["errors"])
    assert (len(rejected), rejected.count(False)) == (after["rejected"], after["good_refused"]["errors"])
    assert upper_bound(sum(published), len(published), 0.025) == pytest.approx(after["bad_published"]["bound"])
    assert upper_bound(rejected.count(False), bad.count(False), 0.025) == pytest.approx(after["good_refused"]["bound"])
    assert after["bad_published"]["bound"] <= 0.01
    assert after["good_refused"]["bound"] <= 0.005
    assert len(published) > 2_000
    assert len(rejected) > 0


def outcome_of(policy, line):
    scores = {name: Score(value=value) for name, value in line["scores"].items()}
    return decide(policy, scores, Submission(text="x")).outcome


def test_only_numbers_of_the_text_change(calibrate):
    result = calibrate(decisions(6_000))

    changed = [new for new, old in zip(result.policy.splitlines(), POLICY.splitlines(), strict=True) if new != old]
    (line,) = changed
    assert line.startswith("hold = 0.")
    assert line.endswith(" # agreed in March")
    assert "hold = 0.7\n" in result.policy, "the history says nothing of off_topic"


def test_the_certificate_says_what_was_proven_on_what(calibrate):
    lines = decisions(6_000, model="model-7")
    for day, line in enumerate(lines):
        line["at"] = f"2026-{1 + day // 500:02d}-{1 + day % 28:02d}T08:00:00+02:00"

    proof = calibrate(lines, "--confidence", "0.9").certificate

    assert proof["status"] == "calibrated"
    assert proof["promise"] == {"bad_published": 0.01, "good_refused": 0.0, "confidence": 0.9}
    assert proof["bounds_at"] == pytest.approx(0.9)
    assert (proof["history"], proof["path"]["decisions"], proof["test"]["decisions"]) == (6_000, 3_000, 3_000)
    assert proof["path"]["first_at"] == "2026-01-01T08:00:00+02:00"
    assert proof["path"]["last_at"] < proof["test"]["first_at"] < proof["test"]["last_at"]
    assert proof["models"] == {"model-7": 6_000}
    assert proof["policy_before"] == parse_policy(POLICY).version
    assert proof["policy_after"] != proof["policy_before"]
    assert proof["before"]["bad_published"]["bound"] > 0.01 >= proof["after"]["bad_published"]["bound"]
    assert set(proof["sections"]) == {"news", "sport"}
    assert proof["languages"]["en"]["decisions"] == 3_000
    assert proof["rules"]["rude"]["named"] == sum("rule" in line for line in lines)
    assert proof["need"] is None


def test_the_version_in_the_certificate_is_that_of_the_written_file(calibrate):
    result = calibrate(decisions(6_000))

    assert result.certificate["policy_after"] == parse_policy(result.policy).version


def test_the_summary_says_what_changed_and_what_it_means(calibrate):
    shown = calibrate(decisions(6_000), "--good-refused", "0.005").stdout

    words = " ".join(shown.split())
    assert "On the newer 3,000 of 6,000 decisions" in words
    assert "0.6 → 0." in words
    assert "With 95 % confidence" in words
    assert "refused at most 1 %, and it rejects at most 0.5 % of those" in words


def test_one_that_rejects_nothing_says_so(calibrate):
    assert "it rejects nothing" in " ".join(calibrate(decisions(6_000)).stdout.split())


def test_too_few_decisions_change_nothing_and_say_how_many_more(calibrate, policy):
    result = calibrate(decisions(200))

    assert result.exit_code == 1
    assert result.policy is None
    assert policy.read_text("utf-8") == POLICY
    assert result.certificate["status"] == "too_few"
    assert result.certificate["need"]["published"] == 299
    assert f"about {result.certificate['need']['more_decisions']:,} more decisions" in result.stderr
    assert result.certificate["policy_after"] == result.certificate["policy_before"]
    assert result.certificate["rules"]["rude"]["hold_after"] == 0.6


def test_a_promise_that_cannot_be_kept_changes_nothing(calibrate):
    lines = [
        line | {"outcome": "refused" if number % 3 else "published"} for number, line in enumerate(decisions(3_000))
    ]

    result = calibrate(lines)

    assert (result.exit_code, result.policy) == (1, None)
    assert result.certificate["status"] == "not_kept"
    assert "No cut-offs are proven" in result.stderr


def test_without_files_to_write_the_summary_comes_all_the_same(run, policy):
    result = run("calibrate", "-", "--policy", policy, lines=decisions(4_000))

    assert result.exit_code == 0
    assert "What changed" in result.stdout
    assert "Wrote" not in result.stderr


def test_a_file_is_read(run, policy, tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in decisions(2_000)), "utf-8")

    assert "of 2,000 decisions" in run("calibrate", path, "--policy", policy).stdout


def test_the_shipped_policy_is_the_default(run, tmp_path):
    scores = dict.fromkeys(shipped_scores(), 0.0)
    lines = [line | {"scores": scores | {"insult": line["scores"]["insult"]}} for line in decisions(6_000)]

    result = run("calibrate", "-", "--out", tmp_path / "new.toml", lines=lines)

    assert result.exit_code == 0, result.stderr
    rules = parse_policy((tmp_path / "new.toml").read_text("utf-8")).rules
    changed = [
        code for code, rule in parse_policy(default_policy_text()).rules.items() if rules[code].hold != rule.hold
    ]
    assert changed == ["personal_abuse"]


def shipped_scores():
    return [rule["score"] for rule in tomllib.loads(default_policy_text())["rules"].values()]


def test_comments_without_scores_are_scored(calibrate):
    """The small engine knows one insult (0.9123); moderators refuse it, and publish all else."""
    story = {"title": "Harbour bridge closed", "section": "news"}
    texts = [("the bridge - you idiot", "refused"), *[("When will the bridge open?", "published")] * 9]
    lines = [{"text": text, "outcome": outcome, "story": story} for text, outcome in texts * 100]

    result = calibrate(lines)

    assert result.exit_code == 0, result.stderr
    proof = result.certificate
    assert proof["models"] == {"insults-1+topic-1": 1_000}
    assert (proof["after"]["published"], proof["after"]["bad_published"]["errors"]) == (450, 0)
    assert (proof["sections"]["news"]["decisions"], proof["languages"]["en"]["decisions"]) == (500, 500)


def test_the_real_engine_scores(process):
    line = {
        "text": "When will the harbour bridge open again?",
        "outcome": "published",
        "story": {"title": "The bridge"},
    }

    done = process("calibrate", "-", real=True, input=(json.dumps(line) + "\n").encode() * 4)

    assert done.returncode == 1
    assert b"On the newer 2 of 4 decisions" in done.stdout
    assert b"Too few decisions: 299 published comments" in done.stderr
    assert b"Traceback" not in done.stderr


def test_scored_and_unscored_lines_may_stand_side_by_side(calibrate):
    lines = decisions(600, model="model-7") + [{"text": "When will the bridge open?", "outcome": "published"}] * 10

    proof = calibrate(lines).certificate

    assert proof["models"] == {"model-7": 600, "insults-1+topic-1": 10}


@pytest.mark.parametrize(
    ("word", "errors"),
    [
        ("published", 0),
        ("publish", 0),
        (" PUBLISHED ", 0),
        ("refused", 1),
        ("Reject", 1),
        ("rejected", 1),
        ("REFUSE", 1),
    ],
)
def test_outcomes_may_be_written_in_many_ways(calibrate, word, errors):
    lines = decisions(10)
    lines[-1] |= {"outcome": word, "scores": {"insult": 0.0}}
    before = sum(line["outcome"] == "refused" and line["scores"]["insult"] < 0.6 for line in lines[5:9])

    assert calibrate(lines).certificate["before"]["bad_published"]["errors"] == before + errors


def test_lines_with_times_are_put_in_order(calibrate):
    lines = [line | {"at": f"2026-03-{28 - number:02d}"} for number, line in enumerate(decisions(10))]

    proof = calibrate(lines).certificate

    assert proof["path"]["first_at"] == "2026-03-19T00:00:00Z"
    assert proof["test"]["last_at"] == "2026-03-28T00:00:00Z"


GOOD = {"text": "Hello", "outcome": "published", "scores": {"insult": 0.1}}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "the line is not JSON"),
        ("[]", "each line must be a JSON object"),
        ({"outcome": "published"}, "missing required field `text`"),
        ({"text": "Hello"}, "missing required field `outcome`"),
        (GOOD | {"outcome": "held"}, '`outcome` is "published" or "refused"'),
        (GOOD | {"outcome": 1}, "`outcome`: Expected `str`, got `int`"),
        ({"text": " ", "outcome": "published"}, "the text is empty"),
        (GOOD | {"scores": {"insult": 1.2}}, "`scores[...]`: Expected `float` <= 1.0"),
        (GOOD | {"scores": {"insult": "high"}}, "`scores[...]`: Expected `float | null`, got `str`"),
        (GOOD | {"at": "yesterday"}, "`at` is a time as in ISO 8601"),
        (GOOD | {"language": "English"}, "`language` is a code"),
        (GOOD | {"at": "2026-03-01"}, "give `at` in every line, or in none"),
    ],
    ids=[
        *("no JSON", "no object", "no text", "no outcome", "held", "number", "empty", "above 1", "word", "no time"),
        *("no code", "some times"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_done(calibrate, line, words):
    result = calibrate([GOOD, line, GOOD])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 2: " in result.stderr
    assert words in result.stderr
    assert "lines that cannot be read: 1; mend them" in result.stderr
    assert (result.policy, result.certificate) == (None, None)


def test_of_many_bad_lines_the_first_ten_are_named(calibrate):
    result = calibrate(["{"] * 25)

    assert result.stderr.count("the line is not JSON") == 10
    assert "lines that cannot be read: 25" in result.stderr


def test_no_text_of_a_comment_is_shown(calibrate):
    result = calibrate([GOOD | {"text": "Marjorie's secret", "outcome": "held"}])

    assert "Marjorie" not in result.output + result.stderr


def test_an_empty_history_is_refused(calibrate):
    result = calibrate([])

    assert result.exit_code == 2
    assert "the history is empty" in result.stderr


def test_a_rule_that_the_policy_does_not_have_is_named_and_counts(calibrate):
    lines = decisions(4_000)
    lines[3] |= {"rule": "rudeness", "outcome": "refused"}

    result = calibrate(lines)

    assert result.exit_code == 0
    assert "Note: the policy has no rule `rudeness`" in result.stderr
    assert result.certificate["unknown_rules"] == {"rudeness": 1}
    assert result.certificate["history"] == 4_000


def test_a_score_that_is_nowhere_is_named(calibrate):
    result = calibrate([line | {"scores": {"off_topic": 0.1}} for line in decisions(1_000)])

    assert result.exit_code == 1
    assert "Note: no line has the score `insult`, so the rule `rude` holds every comment" in result.stderr
    assert "No cut-off would publish anything" in result.stderr
    assert result.certificate["need"]["more_decisions"] is None


def test_one_sided_decisions_are_noted(calibrate):
    result = calibrate([line | {"outcome": "published"} for line in decisions(100)])

    assert "all decisions are the same" in result.stderr


def test_a_wrong_policy_is_refused(run, policy):
    policy.write_text(POLICY.replace("hold = 0.6", "hold = 6"), "utf-8")

    result = run("calibrate", "-", "--policy", policy, lines=[GOOD])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "rules.rude.hold: wrong value" in result.stderr


def test_a_policy_that_cannot_be_changed_line_by_line_is_refused_with_the_mend(calibrate, policy):
    table = '{ title = "R", score = "insult", hold = 0.6, for_readers = "N", for_moderators = "W", explanation = "B" }'
    policy.write_text(f'[policy]\nname = "G"\nsentence = "S"\n[rules]\nrude = {table}\n', "utf-8")

    result = calibrate(decisions(6_000))

    assert (result.exit_code, result.policy, result.certificate) == (2, None, None)
    assert "write `hold` and `reject` on lines of their own" in result.stderr


@pytest.mark.parametrize("option", ["--out", "--certificate"])
def test_no_file_is_written_over_the_policy(run, policy, option):
    result = run("calibrate", "-", "--policy", policy, option, policy, lines=decisions(4_000))

    assert result.exit_code == 2
    assert "different files" in result.stderr
    assert policy.read_text("utf-8") == POLICY


def test_a_missing_folder_is_noticed_before_anything_is_scored(run, policy, tmp_path):
    result = run("calibrate", "-", "--policy", policy, "--out", tmp_path / "none" / "new.toml", lines=[GOOD])

    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_a_file_that_cannot_be_written_is_said_plainly(run, policy, tmp_path):
    (tmp_path / "new.toml.folder").mkdir()
    (tmp_path / ".new.toml.draft").mkdir()

    result = run("calibrate", "-", "--policy", policy, "--out", tmp_path / "new.toml", lines=decisions(4_000))

    assert result.exit_code == 1
    assert "new.toml cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--bad-published", "0"),
        ("--bad-published", "1"),
        ("--good-refused", "1"),
        ("--confidence", "95"),
        ("--confidence", "0"),
    ],
)
def test_a_promise_out_of_range_is_refused(run, policy, option, value):
    assert run("calibrate", "-", "--policy", policy, option, value, lines=[GOOD]).exit_code == 2


def test_windows_line_ends_of_the_policy_stay(calibrate, policy, tmp_path):
    policy.write_bytes(POLICY.replace("\n", "\r\n").encode())

    result = calibrate(decisions(4_000))

    written = (tmp_path / "new.toml").read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") == POLICY.count("\n")
    assert result.certificate["policy_after"] == parse_policy(result.policy).version
