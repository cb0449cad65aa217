"""Pages follow when an author is called otherwise, gets or loses a role: those with the name on them, and no others."""

import pytest

from belowline.events.models import record_event

SHOWN = ("account:renamed", "account:closed", "account:role_granted", "account:role_withdrawn")


@pytest.mark.parametrize(("tag", "bumps"), [*((tag, True) for tag in SHOWN), ("story:x", False)])
def test_pages_with_the_name_are_rendered_anew(written, story, reader, tag, bumps):
    written()
    story.refresh_from_db()
    before = story.thread_version
    record_event(tag, subject_id=reader.pk)

    story.refresh_from_db()
    assert story.thread_version == before + int(bumps)


def test_pages_without_it_are_not(written, story, other_story, reader, other_reader):
    written(status="held")
    written(story=other_story, author=other_reader)
    for one in (story, other_story):
        one.refresh_from_db()
    before = (story.thread_version, other_story.thread_version)
    record_event("account:renamed", subject_id=reader.pk)

    for one in (story, other_story):
        one.refresh_from_db()
    assert (story.thread_version, other_story.thread_version) == before
