"""What a notice may be about."""

import pytest

from belowline.engine import statement_terms
from belowline.moderation.models import Notice
from belowline.moderation.notices import BY_CODE, CATEGORIES, category_title, database_category


def test_every_one_is_a_category_of_the_database_and_fits_its_column():
    assert {category.database for category in CATEGORIES} <= set(statement_terms.CATEGORIES)
    assert max(len(category.code) for category in CATEGORIES) <= Notice._meta.get_field("category").max_length


def test_codes_and_titles_are_different():
    assert len(BY_CODE) == len({category.title for category in CATEGORIES}) == len(CATEGORIES)


def test_only_the_abuse_of_children_needs_no_name():
    assert [category.code for category in CATEGORIES if not category.needs_name] == ["CHILD_SEXUAL_ABUSE"]


@pytest.mark.parametrize(
    ("code", "database", "title"),
    [
        ("CHILD_SEXUAL_ABUSE", "PROTECTION_OF_MINORS", "Sexual abuse of children (no name needed)"),
        ("VIOLENCE", "VIOLENCE", "Threats, or a call for violence"),
        ("OF_ANOTHER_VERSION", "NOT_SPECIFIED_NOTICE", "OF_ANOTHER_VERSION"),
    ],
)
def test_what_is_counted_and_shown(code, database, title):
    assert (database_category(code), category_title(code)) == (database, title)


def test_breaking_the_terms_is_no_choice():
    """The form is about the law."""
    assert "OTHER_VIOLATION_TC" not in BY_CODE
