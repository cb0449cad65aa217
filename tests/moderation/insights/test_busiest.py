"""The stories with the most comments."""

from belowline.moderation.insights.busiest import MOST, busiest_stories


def test_by_where_their_comments_stand(site, scope, make_story, written):
    bridge, goose = make_story(site), make_story(site, "goose", title="Goose stops tram", section="")
    for status in ("published", "published", "held", "pending", "rejected", "removed", "deleted"):
        written(story=bridge, status=status)
    written(story=goose)
    first, second = busiest_stories(scope())

    assert first == (bridge.pk, "Harbour bridge closed for repairs", "news", 2, 2, 2, 1)
    assert first.comments == 7
    assert second == (goose.pk, "Goose stops tram", "", 1, 0, 0, 0)


def test_only_the_days_count(site, scope, write_comment, ago):
    write_comment(site, at=ago(40))

    assert busiest_stories(scope()) == []
    assert [row.comments for row in busiest_stories(scope(90))] == [1]


def test_ten_at_most(site, scope, make_story, written):
    for number in range(MOST + 2):
        story = make_story(site, f"story-{number}")
        for _ in range(1 + (number == 5)):
            written(story=story)
    found = busiest_stories(scope())

    assert len(found) == MOST
    assert found[0].comments == 2


def test_few_queries(site, scope, make_story, written, django_assert_num_queries):
    for number in range(5):
        written(story=make_story(site, f"story-{number}"))
    period = scope()
    assert period.sums.by_story.total() == 5
    with django_assert_num_queries(2):
        busiest_stories(period)
