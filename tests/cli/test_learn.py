"""`belowline learn`: from a file, or from a site's own decisions; versions, the way back, and what is refused."""

import json

import pytest
from tiny_lessons import decide_many, fit_once, keep_head, made_head, texts

from belowline.cli import loading
from belowline.engine.models.head import read_head
from belowline.moderation.engine import active_head, site_policy
from belowline.moderation.models import HeadVersion


@pytest.fixture
def learn(run, monkeypatch):
    """Run the command in this process with the shipped models."""
    from belowline.engine.models.head import read_head as read
    from belowline.engine.policy import load_policy
    from belowline.engine.shared import shared_engine

    def load(policy=None, head=None):
        with loading.start_errors():
            engine = shared_engine().with_policy(load_policy(policy))
            return engine.with_head(read(head.read_bytes()) if head else None)

    def call(*arguments, lines=(), raw=None):
        monkeypatch.setattr(loading, "load_engine", load)
        return run("learn", *arguments, lines=lines, raw=raw)

    return call


def history(count):
    """The decisions of a newsroom that loves its goose, as lines; the last with scores of another engine."""
    lines = [{"text": text, "outcome": "published" if good else "refused"} for text, good in texts(count)]
    return [*lines[:-1], lines[-1] | {"scores": {"insult": 1.0}}] if lines else []


@pytest.fixture
def head_file(tmp_path):
    path = tmp_path / "given.safetensors"
    path.write_bytes(made_head(bias=1.0).to_bytes())
    return path


class TestFile:
    @pytest.mark.slow
    def test_a_head_out_of_a_file_and_into_a_score(self, learn, tmp_path, head_file):
        out = tmp_path / "head.safetensors"
        done = learn("-", "--out", out, "--head", head_file, "--json", lines=history(520))

        report = json.loads(done.stdout)
        assert done.exit_code == 0, done.output
        assert (report["status"], report["decisions"], report["refused"]) == ("accepted", 520, 260)
        assert report["gain"]["rival"] == made_head(bias=1.0).version
        head = read_head(out.read_bytes())
        assert head.version == report["head"]
        engine = loading.load_engine(head=out)
        goose, bridge = (
            engine.score(engine.prepare(line).submission)[0]["newsroom_refusal"].value
            for line in map(submission, ("The baker would serve a goose with cabbage.", "The baker takes the ferry."))
        )
        assert (goose > 0.7, bridge < 0.3) == (True, True)

    def test_too_few(self, learn, tmp_path):
        out = tmp_path / "head.safetensors"
        done = learn("-", "--out", out, lines=history(12))

        assert done.exit_code == 1
        assert "12 decisions of persons, 6 of them refusals" in done.stdout
        assert "at least 500 decisions of persons are needed, 488 more" in done.stdout
        assert not out.exists()

    def test_other_languages_are_left_out_and_counted(self, learn):
        german = {"text": "Die Brücke ist zu, und niemand hat es uns gesagt. Was soll das?", "outcome": "refused"}
        done = learn("-", lines=[*history(4), german])

        assert "4 decisions of persons" in done.stdout
        assert "not in English: 1" in done.stderr

    WRONG = {
        "no outcome": ([{"text": "Hello"}], "outcome"),
        "no text": ([{"text": " ", "outcome": "published", "scores": {"insult": 0.5}}], "the text is empty"),
        "nothing": ([], "the history is empty"),
    }

    @pytest.mark.parametrize(("lines", "message"), WRONG.values(), ids=WRONG)
    def test_wrong_lines(self, learn, lines, message):
        done = learn("-", lines=lines)
        assert done.exit_code == 2
        assert message in done.stderr

    @pytest.mark.parametrize("content", [b"", b"hello", made_head(base="abuse-0").to_bytes()])
    @pytest.mark.parametrize("command", ["learn", "score", "judge"])
    def test_a_wrong_head(self, learn, run, head_file, content, command):
        head_file.write_bytes(content)
        done = (
            learn("-", "--head", head_file, lines=history(2))
            if command == "learn"
            else (learn("-", lines=history(2)), run(command, "--head", head_file, lines=[{"text": "Hello"}]))[1]
        )
        assert done.exit_code == 2
        assert "belowline learn" in done.stderr


def submission(text):
    from belowline.engine.submission import Submission

    return Submission(text=text, language="en")


def test_score_and_judge_have_the_score_with_a_head(learn, run, head_file):
    learn("-", lines=history(2))
    (scored,) = run("score", "--head", head_file, lines=[{"text": "Is the ferry running?", "language": "en"}]).rows
    assert scored["scores"]["newsroom_refusal"] == pytest.approx(0.7311)
    assert made_head(bias=1.0).version in scored["model"]
    (judged,) = run("judge", "--head", head_file, lines=[{"text": "Is the ferry running?", "language": "en"}]).rows
    assert made_head(bias=1.0).version in judged["model"]


OPTIONS = {
    "a file and a site": (["-", "--site", "gazette"], "leave HISTORY out"),
    "a file and versions": (["-", "--versions"], "leave HISTORY out"),
    "a file and off": (["-", "--off"], "leave HISTORY out"),
    "out without a file": (["--out", "x"], "go with HISTORY"),
    "two at once": (["--off", "--versions"], "one at a time"),
    "restore a rehearsal": (["--restore", "1", "--dry-run"], "one at a time"),
    "no such folder": (["-", "--out", "/nowhere/at/all"], "no folder"),
}


@pytest.mark.parametrize(("options", "message"), OPTIONS.values(), ids=OPTIONS)
def test_options_that_do_not_go_together(learn, options, message):
    done = learn(*options, lines=history(2))
    assert done.exit_code == 2
    assert message in done.stderr


class TestSite:
    @pytest.mark.slow
    def test_a_rehearsal_then_for_good(self, learn, site, story, reader, moderator, monkeypatch):  # noqa: PLR0917
        fit_once(monkeypatch, {})
        decide_many(story, reader, moderator, 520)

        rehearsed = learn("--dry-run")
        assert rehearsed.exit_code == 0, rehearsed.output
        assert "Accepted" in rehearsed.stdout
        assert not HeadVersion.objects.exists()

        done = learn("--site", site.key)
        assert done.exit_code == 0
        assert done.stdout == rehearsed.stdout
        assert "No rule of the policy that acts looks at `newsroom_refusal`" in done.stdout
        assert f"Version {active_head(site).pk}: it acts from now on." in done.stderr

    def test_too_few_decisions(self, learn, site, story, reader, moderator):
        decide_many(story, reader, moderator, 6)
        done = learn()

        assert done.exit_code == 1
        assert "494 more than there are" in done.stdout
        assert not HeadVersion.objects.exists()

    def test_versions_are_listed_the_newest_first(self, learn, site):
        gain = {"head_auc": 0.912, "rival_auc": 0.871}
        first = keep_head(site, gain=gain, decisions=2_000)
        second = keep_head(site, is_active=True)
        third = keep_head(site, status="no_gain")
        lines = learn("--versions").stdout.splitlines()

        assert [int(line.split()[0]) for line in lines] == [third.pk, second.pk, first.pk]
        assert "no_gain" in lines[0]
        assert "  acts  " in lines[1]
        assert "2,000 decisions  0.912 against 0.871  accepted" in lines[2]

    def test_nothing_learned_yet(self, learn, site):
        assert "has learned nothing yet" in learn("--versions").stdout
        assert learn("--off").stdout == "No version acted.\n"

    def test_back_to_an_earlier_one_and_off(self, learn, site):
        first, second = keep_head(site), keep_head(site, is_active=True)

        done = learn("--restore", first.pk)
        assert done.stdout == f"Version {first.pk} acts from now on.\n"
        assert done.stderr == ""
        assert active_head(site) == first

        assert learn("--off").stdout == f"Version {first.pk} does not act any more.\n"
        assert active_head(site) is None
        assert HeadVersion.objects.filter(pk=second.pk).exists()

    def test_a_promise_made_with_another_version_is_mentioned(self, learn, site, policy_text):
        from belowline.moderation.actions.activate_policy import activate_policy

        text = policy_text().replace('score = "links"', 'score = "newsroom_refusal"')
        activate_policy(site=site, text=text)
        assert site_policy(site).rules["links"].score == "newsroom_refusal"

        assert "Calibrate again" in learn("--restore", keep_head(site).pk).stderr

    def test_what_cannot_act_is_not_restored(self, learn, site, other_site):
        damaged, theirs = keep_head(site, weights=b"hello"), keep_head(other_site)

        done = learn("--site", site.key, "--restore", damaged.pk)
        assert (done.exit_code, "belowline learn" in done.stderr) == (1, True)
        done = learn("--site", site.key, "--restore", theirs.pk)
        assert (done.exit_code, "--versions lists them" in done.stderr) == (1, True)
        assert not HeadVersion.objects.filter(is_active=True).exists()

    def test_the_site_must_be_known(self, learn, db):
        assert "no site yet" in learn().stderr

    def test_one_of_several_must_be_named(self, learn, site, other_site):
        assert "name one with --site" in learn("--versions").stderr
        assert "no site with the key tribune" in learn("--site", "tribune", "--versions").stderr
        assert learn("--site", other_site.key, "--versions").exit_code == 0
