"""`belowline policy`: checks a file, shows the rules, prints the schema; and the command group itself."""

import json
import subprocess
import sys
import tomllib

import jsonschema
import pytest

import belowline.cli
from belowline import __version__
from belowline.cli import COMMANDS
from belowline.engine.policy import default_policy_text, load_policy, policy_schema


def test_the_rules_of_the_default_policy_are_shown(run):
    result = run("policy")

    head, *rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert head == ["rule", "score", "hold", "reject", "unchecked", "sections", "title"]
    assert [row[0] for row in rows] == list(load_policy().rules)
    assert ["off_topic", "off_topic", "0.9", "-", "hold", "all", "Off topic"] in rows


def test_a_right_file_is_shown(run, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        default_policy_text().replace("hold = 0.28\n", 'hold = 0.28\nreject = 0.95\nsections = ["town", "sport"]\n', 1),
        "utf-8",
    )

    result = run("policy", path)

    assert "threat\tthreat\t0.28\t0.95\thold\ttown, sport\tThreats and calls for violence\n" in result.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hold = ", "line 1: this is not TOML"),
        (default_policy_text().replace("hold = 0.28\n", "hold = 75\n", 1), "rules.threat.hold: wrong value"),
        (
            default_policy_text().replace("max_links", "maxlinks"),
            "settings.maxlinks: unknown key; did you mean",
        ),
        (None, "cannot be read"),
    ],
    ids=["not TOML", "wrong value", "unknown key", "missing"],
)
def test_a_wrong_file_names_the_place_and_the_mend(run, tmp_path, content, words):
    path = tmp_path / "wrong.toml"
    if content is not None:
        path.write_text(content, "utf-8")

    result = run("policy", path)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_the_schema_is_printed(run):
    printed = json.loads(run("policy", "--schema").stdout)

    assert printed == json.loads(json.dumps(policy_schema()))
    jsonschema.validate(tomllib.loads(default_policy_text()), printed)


def test_the_text_of_the_default_is_a_start_for_ones_own(run, tmp_path):
    path = tmp_path / "start.toml"
    path.write_text(run("policy", "--text").stdout, "utf-8")

    assert load_policy(path) == load_policy()


@pytest.mark.parametrize("option", ["--schema", "--text"])
def test_an_option_that_takes_no_file_says_so(run, tmp_path, option):
    result = run("policy", option, tmp_path)

    assert result.exit_code == 2
    assert "take no FILE" in result.stderr


def test_a_terminal_gets_a_drawn_table(on_terminal):
    shown = on_terminal("policy")

    assert "General newspaper" in shown
    assert "│" in shown
    assert "off_topic" in shown


def test_the_version_is_shown(run):
    assert run("--version").stdout == f"belowline, version {__version__}\n"


def test_help_lists_the_commands_that_are_there(run):
    shown = run("--help").stdout

    for name in ("score", "judge", "policy"):
        assert f"  {name} " in shown


def test_a_command_whose_module_is_not_there_is_neither_listed_nor_found(run, monkeypatch):
    monkeypatch.setitem(COMMANDS, "vanish", "belowline.cli.no_such_module")

    assert "vanish" not in run("--help").stdout
    assert "No such command 'vanish'" in run("vanish").stderr


def test_a_module_that_only_the_newsroom_needs_is_named(run, monkeypatch):
    def missing(*_):
        raise ModuleNotFoundError("No module named 'django'", name="django")

    monkeypatch.setattr("belowline.engine.policy.load_policy", missing)

    result = run("policy")

    assert result.exit_code == 1
    assert "django is not installed, and this command needs it: pip install 'belowline[server]'" in result.stderr


@pytest.mark.parametrize("name", [None, "belowline.stray"])
def test_a_fault_of_our_own_is_not_hidden(run, monkeypatch, name):
    def missing(*_):
        raise ModuleNotFoundError("gone", name=name)

    monkeypatch.setattr("belowline.engine.policy.load_policy", missing)

    with pytest.raises(ModuleNotFoundError):
        run("policy")


HEAVY = ["django", "rich", "jsonschema", "granian"]


def test_help_is_quick_because_it_imports_nothing_heavy():
    script = (
        "import sys; from belowline.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    source = belowline.cli.__path__[0].rpartition("/belowline/")[0]
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )

    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert [name for name in HEAVY if name in loaded] == []


# --- the versions of a site


@pytest.fixture
def on_site(run, site, monkeypatch):
    """Run the command on the site of this test's database."""
    from belowline.cli import django

    monkeypatch.setattr(django, "set_up", lambda: None)
    return run


def version_rows(result):
    head, *rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert head == ["number", "version", "since", "by", "changes"]
    return rows


def test_the_versions_of_a_site_with_what_they_changed(on_site, site, activate):
    activate(site, banned=("wombat", "rat"))

    newest, first = version_rows(on_site("policy", "--versions", "gazette"))

    assert newest[3:] == ["command line", "Settings: banned words (nothing) → rat"]
    assert first[1].startswith("small@")
    assert "threat: rule taken out" in first[4]


def test_a_text_that_acts_again_changes_nothing_of_itself(on_site, site, activate):
    activate(site)

    assert version_rows(on_site("policy", "--versions", "gazette"))[0][4] == "the same rules and settings"


def test_an_earlier_version_acts_again(on_site, site, activate):
    from belowline.moderation.engine import site_policy

    first = site.policies.get()
    activate(site, banned=("rat",))

    result = on_site("policy", "--restore", "gazette", first.pk)

    assert result.exit_code == 0
    assert f"{first.version} acts on The Gazette from now on." in result.stderr
    assert site_policy(site).settings.banned_words == ("wombat",)
    assert site.policies.count() == 3


def test_the_shipped_policy_acts_again(on_site, site):
    from belowline.moderation.engine import site_policy

    assert on_site("policy", "--restore", "gazette", "0").exit_code == 0
    assert site_policy(site) == load_policy()


@pytest.mark.parametrize("number", ["999999", "x", "-1", "9" * 40, "٩" * 6])
def test_a_version_that_the_site_does_not_have(on_site, site, number):
    result = on_site("policy", "--restore", "gazette", "--", number) if number == "-1" else None
    result = result or on_site("policy", "--restore", "gazette", number)

    assert result.exit_code != 0
    assert site.policies.count() == 1


def test_a_version_of_another_site_is_none_of_this_one(on_site, site, other_site, activate):
    row = activate(other_site)

    result = on_site("policy", "--restore", "gazette", row.pk)

    assert result.exit_code == 1
    assert "belowline policy --versions gazette" in result.stderr


@pytest.mark.parametrize("options", [("--versions", "herald"), ("--restore", "herald", "1")])
def test_an_unknown_site(on_site, options):
    result = on_site("policy", *options)

    assert result.exit_code == 1
    assert "there is no site with the key herald" in result.stderr


@pytest.mark.parametrize("options", [("--versions", "gazette"), ("--restore", "gazette", "1")])
def test_the_versions_take_no_file(run, tmp_path, options):
    result = run("policy", tmp_path, *options)

    assert result.exit_code == 2
    assert "take no FILE" in result.stderr
