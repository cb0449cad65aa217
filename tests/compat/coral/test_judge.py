"""Who judges: the site's policy on a whole server, the operator's file where only the engine runs; failures hold."""

import json
import os
import subprocess
import sys

import pytest

from belowline.compat.coral import judge as module
from belowline.engine.decision import Outcome
from belowline.engine.submission import Submission

HELD = "What a wombat of a harbour bridge this is."
SHOUTED = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


@pytest.fixture
def alone(settings):
    settings.ENGINE_ONLY = True
    settings.POLICY_FILE = None
    return settings


def test_the_sites_policy_on_a_whole_server(gazette):
    found = module.judge(gazette, Submission(text=HELD))

    assert [reason.rule for reason in found.reasons] == ["banned_word"]


def test_the_shipped_policy_where_only_the_engine_runs(alone):
    found = module.judge(None, Submission(text=SHOUTED))

    assert found.policy.startswith("general-newspaper@")
    assert {"shouting", "off_topic"} <= {reason.rule for reason in found.reasons}


def test_the_operators_file_where_only_the_engine_runs(alone, policy_text, tmp_path):
    alone.POLICY_FILE = tmp_path / "policy.toml"
    alone.POLICY_FILE.write_text(policy_text(name="Ours"), "utf-8")
    found = module.judge(None, Submission(text=HELD))
    alone.POLICY_FILE.unlink()

    assert found.policy.startswith("ours@")
    assert [reason.rule for reason in found.reasons] == ["banned_word"]
    assert module.judge(None, Submission(text="A quiet remark.")).outcome is Outcome.PUBLISH


@pytest.mark.parametrize("text", [None, "no policy"])
def test_a_wrong_file_holds_everything(alone, tmp_path, caplog, text):
    alone.POLICY_FILE = tmp_path / "policy.toml"
    if text:
        alone.POLICY_FILE.write_text(text, "utf-8")

    found = module.judge(None, Submission(text="A quiet wombat."))
    assert (found.outcome, found.reasons[0].rule) == (Outcome.HOLD, "engine_failed")
    assert "PolicyError" in caplog.text
    assert "wombat" not in caplog.text


ALONE = """
import hashlib, hmac, json, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from belowline.compat.actions.connect_coral import connect_coral
from belowline.stories.models import Site
site = Site.objects.create(key="paper", name="Paper", domains=["paper.example"])
connect_coral(site=site, secret="secret")
def ask(text):
    body = json.dumps({"action": "NEW", "comment": {"body": text, "parentID": None}, "story": {"id": "s", "url": ""}})
    signature = hmac.new(b"secret", body.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Coral-Signature": f"sha256={signature}"}
    return Client().post("/coral/paper/", body, content_type="application/json", headers=headers)
print(json.dumps([ask("A quiet remark.").status_code, ask("A wombat.").json()["belowline"]["rules"],
                  "belowline.moderation" in sys.modules]))
"""


@pytest.mark.slow
def test_a_process_in_which_only_the_engine_runs(environment, policy_text, tmp_path):
    (tmp_path / "policy.toml").write_text(policy_text(), "utf-8")
    (tmp_path / "data").mkdir()
    settings = {
        "BELOWLINE_ENGINE_ONLY": "yes",
        "BELOWLINE_POLICY": str(tmp_path / "policy.toml"),
        "BELOWLINE_SECRET_KEY": "only for tests",
        "BELOWLINE_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=os.fspath(tmp_path),
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [204, ["banned_word"], False]
