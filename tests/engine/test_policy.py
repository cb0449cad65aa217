"""The policy: every kind of wrong file names line, key and mend; the shipped one is right."""

import tomllib

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.engine.decision import Score
from belowline.engine.errors import PolicyError
from belowline.engine.explain import explain
from belowline.engine.policy import (
    MAX_POLICY_CHARACTERS,
    SCORE_NAMES,
    TOPIC_KINDS,
    default_policy_text,
    load_policy,
    parse_policy,
    policy_schema,
)
from belowline.engine.statement_terms import UNMAPPED, StatementTerms
from belowline.engine.submission import Submission

GOOD = """\
[policy]
name = "Our paper"
sentence = "Be kind."

[settings]
languages = ["en", "cy"]
max_links = 2

[rules.abuse]
title = "Abuse"
score = "insult"
hold = 0.6
reject = 0.9
for_readers = "No insults."
for_moderators = "Weigh."
explanation = "“{excerpt}”."
"""


def changed(old, new):
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


# name: (text, line, key, words of the message)
WRONG = {
    "not TOML": (changed("hold = 0.6", "hold = "), 12, None, "not TOML"),
    "unknown table": (GOOD + "\n[colours]\n", 18, "colours", "unknown key"),
    "misspelt table": (changed("[settings]", "[setings]"), 5, "setings", "did you mean `settings`?"),
    "no policy table": (GOOD[GOOD.index("[settings]") :], None, "policy", "a table [policy] is needed"),
    "no name": (changed('name = "Our paper"\n', ""), 1, "policy", "`name` is missing; add it"),
    "empty name": (changed('"Our paper"', '""'), 2, "policy.name", "length >= 1"),
    "no sentence": (changed('sentence = "Be kind."\n', ""), 1, "policy", "`sentence` is missing; add it"),
    "no rule": (GOOD[: GOOD.index("[rules")], None, "rules", "add a table such as [rules.off_topic]"),
    "rules is no table": ("rules = 3\n" + GOOD[: GOOD.index("[rules")], 1, "rules", "there is no rule"),
    "rule is no table": (GOOD + "[rules]\nextra = 3\n", 18, "rules.extra", "a table [rules.extra] is needed"),
    "rule code": (changed("[rules.abuse]", "[rules.Abuse]"), 9, "rules.Abuse", "lower case"),
    "unknown key": (changed("hold = 0.6", "holt = 0.6"), 12, "rules.abuse.holt", "did you mean `hold`?"),
    "alien key": (changed("hold = 0.6", "zzz = 0.6"), 12, "rules.abuse.zzz", "known here: background, "),
    "no hold": (changed("hold = 0.6\n", ""), 9, "rules.abuse", "`hold` is missing; add it"),
    "hold above one": (changed("hold = 0.6", "hold = 60"), 12, "rules.abuse.hold", "<= 1.0"),
    "hold below zero": (changed("hold = 0.6", "hold = -0.1"), 12, "rules.abuse.hold", ">= 0.0"),
    "hold is nan": (changed("hold = 0.6", "hold = nan"), 12, "rules.abuse.hold", ">= 0.0"),
    "hold is text": (changed("hold = 0.6", 'hold = "high"'), 12, "rules.abuse.hold", "expected `float`"),
    "reject below hold": (changed("reject = 0.9", "reject = 0.5"), 13, "rules.abuse.reject", "not be below"),
    "no such score": (changed('"insult"', '"insults"'), 11, "rules.abuse.score", "did you mean `insult`?"),
    "alien score": (changed('"insult"', '"qqqq"'), 11, "rules.abuse.score", "known scores: toxicity"),
    "off-topic rejected": (changed('"insult"', '"off_topic"'), 13, "rules.abuse.reject", "a person decides"),
    "unknown field": (
        changed("{excerpt}", "{author}"),
        16,
        "rules.abuse.explanation",
        "unknown field {author}",
    ),
    "empty field": (changed("{excerpt}", "{}"), 16, "rules.abuse.explanation", "unknown field {}"),
    "attribute": (changed("{excerpt}", "{story.title}"), 16, "rules.abuse.explanation", "unknown field"),
    "formatted": (changed("{excerpt}", "{excerpt:d}"), 16, "rules.abuse.explanation", "{excerpt} alone"),
    "nested": (changed("{excerpt}", "{excerpt:{no}}"), 16, "rules.abuse.explanation", "{excerpt} alone"),
    "converted": (changed("{excerpt}", "{excerpt!r}"), 16, "rules.abuse.explanation", "{excerpt} alone"),
    "open brace": (changed("{excerpt}", "{excerpt"), 16, "rules.abuse.explanation", "brace twice"),
    "unchecked": (GOOD + 'unchecked = "shrug"\n', 17, "rules.abuse.unchecked", "wrong value"),
    "another hold out of range": (GOOD + "hold_in = {sport = 9}\n", 17, "rules.abuse.hold_in", "<= 1.0"),
    "another hold is no table": (GOOD + "hold_in = 0.9\n", 17, "rules.abuse.hold_in", "expected `object`"),
    "another hold where the rule never looks": (
        GOOD + 'sections = ["news"]\nhold_in = {sport = 0.9}\n',
        18,
        "rules.abuse.hold_in",
        "`sections` has no `sport`",
    ),
    "desk": (GOOD + 'desk = "kitchen"\n', 17, "rules.abuse.desk", "wrong value"),
    "ignored cause": (GOOD + 'ignore_unchecked = ["timeout"]\n', 17, "rules.abuse.ignore_unchecked", "wrong value"),
    "a kind rejected": (changed('"insult"', '"correction"'), 13, "rules.abuse.reject", "a person decides"),
    "sections": (GOOD + 'sections = "sport"\n', 17, "rules.abuse.sections", "expected `array`"),
    "language": (changed('"cy"', '"Welsh"'), 6, "settings.languages", "regex"),
    "no language": (changed('["en", "cy"]', "[]"), 6, "settings.languages", "length >= 1"),
    "links": (changed("max_links = 2", "max_links = -1"), 7, "settings.max_links", ">= 0"),
    "unknown setting": (
        changed("max_links", "max_link"),
        7,
        "settings.max_link",
        "did you mean `max_links`?",
    ),
    "timeout": (
        GOOD.replace("max_links = 2", "signal_timeout_ms = 0"),
        7,
        "settings.signal_timeout_ms",
        ">= 1",
    ),
    "statement is no table": (GOOD + "statement = 3\n", 17, "rules.abuse.statement", "a table"),
    "statement without category": (
        GOOD + 'statement = { keyword = "DEFAMATION" }\n',
        17,
        "rules.abuse.statement",
        "`category` is missing",
    ),
    "misspelt category": (
        GOOD + 'statement = { category = "CYBER_VIOLENZE" }\n',
        17,
        "rules.abuse.statement.category",
        "did you mean `CYBER_VIOLENCE`?",
    ),
    "a category of before July 2025": (
        GOOD + 'statement = { category = "SCOPE_OF_PLATFORM_SERVICE" }\n',
        17,
        "rules.abuse.statement.category",
        "there is no category",
    ),
    "a keyword of before July 2025": (
        GOOD + '[rules.abuse.statement]\ncategory = "VIOLENCE"\nkeyword = "DANGEROUS_TOYS"\n',
        19,
        "rules.abuse.statement.keyword",
        "there is no keyword `DANGEROUS_TOYS`",
    ),
    "unknown key of the statement": (
        GOOD + 'statement = { category = "VIOLENCE", keywords = "OTHER" }\n',
        17,
        "rules.abuse.statement.keywords",
        "did you mean `keyword`?",
    ),
    "a text beside a keyword": (
        GOOD + 'statement = { category = "VIOLENCE", keyword = "DEFAMATION", keyword_text = "x" }\n',
        17,
        "rules.abuse.statement.keyword_text",
        "remove it",
    ),
    "illegal without a law": (
        GOOD + 'statement = { category = "VIOLENCE", illegal = true, legal_ground = " " }\n',
        17,
        "rules.abuse.statement.legal_ground",
        "needs the law",
    ),
    "a law for what is legal": (
        GOOD + 'statement = { category = "VIOLENCE", legal_ground = "section 185" }\n',
        17,
        "rules.abuse.statement.legal_ground",
        "`illegal = true` alone",
    ),
    "too long": (GOOD + "#" * MAX_POLICY_CHARACTERS, None, None, "shorten it"),
}


@pytest.mark.parametrize(("text", "line", "key", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_policy_names_line_key_and_mend(text, line, key, words):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert (caught.value.line, caught.value.key) == (line, key)
    assert words in caught.value.message
    assert caught.value.code == "invalid_policy"


def test_the_message_begins_with_line_and_key():
    with pytest.raises(PolicyError, match=r"^line 12: rules\.abuse\.hold: wrong value: expected"):
        parse_policy(changed("hold = 0.6", "hold = 6"))


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0c"], ids=ascii)
def test_only_line_feeds_count_as_lines(separator):
    text = changed("No insults.", f"No{separator}insults.") if separator != "\x0c" else changed("Weigh.", "W.")

    with pytest.raises(PolicyError, match="line 16"):
        parse_policy(text.replace("{excerpt}", "{author}"))


def test_crlf_lines_are_counted():
    with pytest.raises(PolicyError, match="line 12"):
        parse_policy(changed("hold = 0.6", "hold = 6").replace("\n", "\r\n"))


@given(st.text())
@example("\ud800")
@example("a = '\ud800'")
@example("a = " + "[" * 20_000)
@example("a = " + "1" * 5_000)
@example("[rules]\n[rules.a]\n")
@example("[policy]\nname = 1979-05-27\n")
def test_any_text_gives_a_policy_or_says_what_is_wrong(text):
    with pytest.raises(PolicyError):
        parse_policy(text)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([]) | st.just(["x"])


@given(st.sampled_from(GOOD.splitlines()), values)
def test_any_value_gives_a_policy_or_a_policy_error(line, value):
    key = line.partition(" = ")[0]
    spelt = {None: '""', True: "true", False: "false"}.get(value) if not isinstance(value, list) else None
    spelt = spelt or (repr(value) if not isinstance(value, str) else "'''" + value.replace("'", "") + "'''")
    try:
        policy = parse_policy(GOOD.replace(line, f"{key} = {spelt}"))
    except PolicyError:
        return
    assert policy.version


@given(st.text(max_size=40))
def test_an_explanation_that_is_accepted_can_be_filled_in(words):
    try:
        policy = parse_policy(GOOD.replace("“{excerpt}”.", words.replace('"', "").replace("\\", "")))
    except PolicyError:
        return
    assert isinstance(explain(policy.rules["abuse"], Score(value=1.0), None, Submission(text="x")), str)


def test_a_good_policy_is_read():
    policy = parse_policy(GOOD)

    assert (policy.name, policy.sentence) == ("Our paper", "Be kind.")
    assert policy.settings.languages == ("en", "cy")
    assert (policy.rules["abuse"].hold, policy.rules["abuse"].reject) == (0.6, 0.9)
    assert policy.rules["abuse"].unchecked == "hold"


def test_the_settings_may_be_left_out():
    start, end = GOOD.index("[settings]"), GOOD.index("[rules")

    assert parse_policy(GOOD[:start] + GOOD[end:]).settings.languages == ("en",)


def test_the_version_names_exactly_this_text():
    one, same, other = parse_policy(GOOD), parse_policy(GOOD), parse_policy(GOOD + "# a note\n")

    assert one.version == same.version != other.version
    assert one.version.startswith("our-paper@")
    assert len(one.version.partition("@")[2]) == 12


@pytest.mark.parametrize(
    ("sections", "section", "applies"),
    [((), "", True), ((), "sport", True), (("sport",), "sport", True), (("sport",), "", False)],
)
def test_sections(sections, section, applies):
    text = GOOD + f"sections = {list(sections)}\n"

    assert parse_policy(text).rules["abuse"].applies_to(section) is applies


def test_load_policy_reads_a_file(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(GOOD, "utf-8")

    assert load_policy(path) == load_policy(str(path)) == parse_policy(GOOD)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(PolicyError, match=r"policy\.toml cannot be read .* give the path of a UTF-8 TOML file"):
        load_policy(path)


def test_the_default_rejects_nothing_by_machine():
    assert [code for code, rule in load_policy().rules.items() if rule.reject is not None] == []


def test_the_default_holds_for_everything_that_it_cannot_check_but_the_kinds():
    ignoring = {rule.score for rule in load_policy().rules.values() if rule.unchecked == "ignore"}

    assert ignoring == set(TOPIC_KINDS)


def test_the_default_ignores_only_that_an_article_is_in_a_language_that_nobody_can_check():
    ignored = {code: rule.ignore_unchecked for code, rule in load_policy().rules.items() if rule.ignore_unchecked}

    assert ignored == {"off_topic": ("story_language_unsupported",)}


def test_messages_go_to_the_newsroom_and_corrections_are_published():
    rules = load_policy().rules

    assert {code: rule.desk for code, rule in rules.items() if rule.desk != "moderators"} == {
        "about_moderation": "newsroom",
        "product_feedback": "newsroom",
        "correction": "corrections",
    }
    assert {code for code, rule in rules.items() if rule.background} == {"correction", "insubstantial"}


@pytest.mark.parametrize(
    ("section", "hold", "reject"),
    [("", 0.6, 0.9), ("news", 0.6, 0.9), ("Opinion", 0.95, 0.95), ("sport", 0.3, 0.9), ("opinion", 0.6, 0.9)],
)
def test_a_section_may_have_a_hold_of_its_own(section, hold, reject):
    rule = parse_policy(GOOD + "hold_in = {Opinion = 0.95, sport = 0.3}\n").rules["abuse"]

    assert (rule.hold_from(section), rule.reject_from(section)) == (hold, reject)


def test_another_hold_may_stand_in_a_table_of_its_own():
    rule = parse_policy(GOOD + '\n[rules.abuse.hold_in]\n"Life and Arts" = 0.7\n').rules["abuse"]

    assert (rule.hold_from("Life and Arts"), rule.hold_from("")) == (0.7, 0.6)


def test_without_reject_no_section_has_one():
    rule = parse_policy(changed("reject = 0.9\n", "") + "hold_in = {sport = 0.3}\n").rules["abuse"]

    assert rule.reject_from("sport") is None


@pytest.mark.parametrize(
    ("lines", "cause", "holds"),
    [
        ("", "no_story", True),
        ('unchecked = "ignore"\n', "timeout", False),
        ('ignore_unchecked = ["no_story"]\n', "no_story", False),
        ('ignore_unchecked = ["no_story"]\n', "timeout", True),
        ('ignore_unchecked = ["no_story"]\n', "", True),
    ],
)
def test_causes_that_a_rule_ignores(lines, cause, holds):
    assert parse_policy(GOOD + lines).rules["abuse"].holds_unchecked(cause) is holds


def test_the_default_asks_only_for_scores_that_exist():
    assert {rule.score for rule in load_policy().rules.values()} <= set(SCORE_NAMES)


def test_a_rule_says_how_statements_name_it():
    terms = 'statement = { category = "ILLEGAL_OR_HARMFUL_SPEECH", keyword = "DEFAMATION", illegal = true, '
    rule = parse_policy(GOOD + terms + 'legal_ground = "section 186" }\n').rules["abuse"]

    assert rule.statement == StatementTerms(
        category="ILLEGAL_OR_HARMFUL_SPEECH", keyword="DEFAMATION", illegal=True, legal_ground="section 186"
    )


def test_a_rule_that_says_nothing_breaks_the_terms_in_another_way():
    assert parse_policy(GOOD).rules["abuse"].statement == UNMAPPED


def test_the_default_says_it_for_every_rule():
    """All break the terms: what is against the law, only the newsroom can say."""
    written = tomllib.loads(default_policy_text())["rules"]

    assert [code for code, rule in written.items() if "statement" not in rule] == []
    assert {rule.statement.illegal for rule in load_policy().rules.values()} == {False}


def schema_accepts(text):
    return jsonschema.Draft202012Validator(policy_schema()).is_valid(tomllib.loads(text))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(policy_schema())


def test_the_schema_accepts_the_default():
    jsonschema.validate(tomllib.loads(default_policy_text()), policy_schema())


# What a JSON Schema cannot say, or what is no TOML at all.
BEYOND_SCHEMA = {
    *("not TOML", "reject below hold", "off-topic rejected", "unknown field", "empty field", "attribute"),
    *("formatted", "nested", "converted", "open brace", "too long", "hold is nan"),
    *("a text beside a keyword", "illegal without a law", "a law for what is legal"),
    *("another hold where the rule never looks", "a kind rejected"),
}


@pytest.mark.parametrize("name", sorted(WRONG.keys() - BEYOND_SCHEMA))
def test_the_schema_refuses_what_the_parser_refuses(name):
    assert not schema_accepts(WRONG[name][0])


def test_the_schema_describes_every_key():
    schema = policy_schema()
    for name in ("Rule", "Settings", "StatementTerms"):
        undescribed = {key for key, value in schema["$defs"][name]["properties"].items() if "description" not in value}
        assert undescribed == set()
