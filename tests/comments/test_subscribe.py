"""Pages follow when an author is called otherwise: those on which the name stands, and no others."""

import pytest

from belowline.events.models import record_event


@pytest.mark.parametrize(("tag", "bumps"), [("account:renamed", True), ("account:closed", True), ("story:x", False)])
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
