"""Names that may be taken: not somebody else's, not the newsroom's, and one's own in another spelling."""

import pytest
from django.core.exceptions import ValidationError

from belowline.accounts.free_names import free_name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ken Stubbs", "name_taken"),
        ("KEN STUBB5", None),
        ("Kеn Stubbs", "name_mixed"),
        ("The Newsroom", "name_reserved"),
        ("Deleted account", "name_reserved"),
        ("x", "name_length"),
        ("  Ada   Birch ", None),
    ],
)
def test_what_may_be_taken(reader, other_reader, name, code):
    if code is None:
        assert free_name(name) == " ".join(name.split())
        return
    with pytest.raises(ValidationError) as refused:
        free_name(name, owner=reader)
    assert refused.value.code == code


def test_ones_own_may_be_spelt_differently(reader, other_reader):
    assert free_name("marjorie TENCH", owner=reader) == "marjorie TENCH"
    with pytest.raises(ValidationError):
        free_name("marjorie TENCH", owner=other_reader)


def test_a_name_of_the_newsrooms_that_somebody_has_stays_theirs(moderator):
    moderator.display_name = "Gazette Editor"
    moderator.save()

    assert free_name("Gazette Editor", owner=moderator) == "Gazette Editor"
