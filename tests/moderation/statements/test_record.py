"""The record: what the database takes and what it refuses; the schema says the same as the check."""

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.statement_terms import CATEGORIES, KEYWORDS
from belowline.moderation.statements.record import EEA, FIELDS, LISTS, Statement, problems_of, statement_schema

SCHEMA = jsonschema.Draft202012Validator(statement_schema())
GOOD = {
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
    "decision_facts": "A reader's comment under an article.",
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_ground": "The rule “Personal abuse”",
    "incompatible_content_explanation": "No insults.",
    "category": "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "category_specification": ["KEYWORD_CYBER_BULLYING_INTIMIDATION"],
    "content_type": ["CONTENT_TYPE_TEXT"],
    "content_date": "2026-03-01",
    "application_date": "2026-03-02",
    "source_type": "SOURCE_VOLUNTARY",
    "automated_detection": "Yes",
    "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
    "puid": "belowline-0a",
}
ILLEGAL = {
    "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "illegal_content_legal_ground": "section 185",
    "illegal_content_explanation": "An insult.",
}
REQUIRED = (
    *("decision_facts", "decision_ground", "category", "content_type", "content_date", "application_date"),
    *("source_type", "automated_detection", "automated_decision", "puid"),
)

RIGHT = {
    "as it is": {},
    "illegal": ILLEGAL,
    "an account alone": {"decision_visibility": None, "decision_account": "DECISION_ACCOUNT_SUSPENDED"},
    "everywhere": {"territorial_scope": list(EEA)},
    "a language": {"content_language": "DE"},
    "an end": {"end_date_visibility_restriction": "2026-03-02"},
    "more categories": {"category_addition": ["STATEMENT_CATEGORY_VIOLENCE"]},
    "an other keyword": {"category_specification": ["KEYWORD_OTHER"], "category_specification_other": "Doxing"},
    "the longest facts": {"decision_facts": "x" * 5_000},
    "a link": {"decision_ground_reference_url": "https://comments.example/faq/"},
}
# what is changed: the word that the problem has, or None where only our check sees it
WRONG = {
    "facts too long": ({"decision_facts": "x" * 5_001}, "decision_facts"),
    "no facts": ({"decision_facts": ""}, "decision_facts"),
    "ground too long": ({"incompatible_content_ground": "x" * 501}, "incompatible_content_ground"),
    "explanation too long": ({"incompatible_content_explanation": "x" * 2_001}, "incompatible_content_explanation"),
    "illegal without the law": (
        ILLEGAL | {"illegal_content_legal_ground": None},
        "illegal_content_legal_ground: needed",
    ),
    "illegal without why": (ILLEGAL | {"illegal_content_explanation": None}, "illegal_content_explanation: needed"),
    "terms without the rule": ({"incompatible_content_ground": None}, "incompatible_content_ground: needed"),
    "no decision": ({"decision_visibility": None}, "one of decision_visibility"),
    "an empty decision": ({"decision_visibility": []}, "decision_visibility"),
    "no such visibility": ({"decision_visibility": ["REMOVED"]}, "decision_visibility"),
    "other, and not what": (
        {"decision_visibility": ["DECISION_VISIBILITY_OTHER"]},
        "decision_visibility_other: needed",
    ),
    "other content, and not what": ({"content_type": ["CONTENT_TYPE_OTHER"]}, "content_type_other: needed"),
    "other money, and not what": ({"decision_monetary": "DECISION_MONETARY_OTHER"}, "decision_monetary_other: needed"),
    "other keyword, and not what": (
        {"category_specification": ["KEYWORD_OTHER"]},
        "category_specification_other: needed",
    ),
    "a category without prefix": ({"category": "VIOLENCE"}, "category: there is no VIOLENCE"),
    "a category of before": (
        {"category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"},
        "category: there is no",
    ),
    "a keyword of before": (
        {"category_specification": ["KEYWORD_DISINFORMATION"]},
        "category_specification: there is no",
    ),
    "a country outside": ({"territorial_scope": ["GB"]}, "territorial_scope: there is no GB"),
    "a language in small letters": ({"content_language": "de"}, "content_language"),
    "a date of another form": ({"content_date": "01.03.2026"}, "content_date"),
    "content before 2000": ({"content_date": "1999-12-31"}, "content_date"),
    "applied before 2020": ({"application_date": "2019-12-31"}, "application_date"),
    "a number with a slash": ({"puid": "a/b"}, "puid"),
    "a number too long": ({"puid": "a" * 501}, "puid"),
    "yes in small letters": ({"automated_detection": "yes"}, "automated_detection"),
    "no such source": ({"source_type": "SOURCE_FLAG"}, "source_type"),
    "an unknown field": ({"comment": "x"}, "comment"),
    "no address": ({"decision_ground_reference_url": "see the FAQ"}, "decision_ground_reference_url"),
    "a product's number": ({"content_id": "123"}, "content_id"),
}


def changed(changes):
    return {key: value for key, value in (GOOD | changes).items() if value is not None}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_what_is_right(changes):
    record = changed(changes)

    assert problems_of(record) == []
    assert SCHEMA.is_valid(record)


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(changes, words):
    record = changed(changes)

    assert words in " ".join(problems_of(record))
    assert not SCHEMA.is_valid(record)


@pytest.mark.parametrize("field", REQUIRED)
def test_what_is_needed(field):
    record = changed({field: None})

    assert field in " ".join(problems_of(record))
    assert not SCHEMA.is_valid(record)


def test_an_end_before_the_beginning_is_seen_by_the_check_alone():
    record = changed({"end_date_visibility_restriction": "2026-03-01"})

    assert problems_of(record) == ["end_date_visibility_restriction: before the application date"]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(statement_schema())


@given(
    st.dictionaries(
        st.sampled_from([field for field in FIELDS if not field.startswith("end_date_")]),
        st.one_of(
            st.none(),
            st.text(max_size=8),
            st.sampled_from(["Yes", "2026-03-01", "1999-01-01", *LISTS["category"], "DECISION_ACCOUNT_SUSPENDED"]),
            st.lists(
                st.sampled_from([*LISTS["category_specification"][:60], "CONTENT_TYPE_OTHER", "DE", "XX"]), max_size=3
            ),
        ),
        max_size=4,
    )
)
def test_check_and_schema_agree(changes):
    record = GOOD | changes

    assert (problems_of(record) == []) == SCHEMA.is_valid(record)


def test_every_category_and_keyword_is_known_with_its_prefix():
    assert len(LISTS["category"]) == len(CATEGORIES)
    for category in CATEGORIES:
        assert problems_of(changed({"category": f"STATEMENT_CATEGORY_{category}"})) == []
    for keyword in KEYWORDS:
        more = {"category_specification": [f"KEYWORD_{keyword}"], "category_specification_other": "x"}
        assert problems_of(changed(more)) == []


def test_fields_that_do_not_apply_are_left_out():
    statement = msgspec.convert(GOOD, Statement)

    assert statement.as_record() == GOOD
    assert set(GOOD) < set(FIELDS)
    assert len(FIELDS) == 35
