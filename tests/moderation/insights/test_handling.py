"""How long decisions take: the time between two of the same person."""

from datetime import timedelta

import pytest

from belowline.moderation.insights.handling import EDGES, handling_times, measure


def seconds(*lengths):
    return [timedelta(seconds=length) for length in lengths]


def test_the_middle_and_the_slow_end():
    found = measure(seconds(*range(1, 12)))

    assert (found.measured, found.together) == (11, 0)
    assert found.median == pytest.approx(6)
    assert found.slow == pytest.approx(10)
    assert found.an_hour == pytest.approx(11 / 66 * 3_600)
    assert found.bins[:4] == [(2, 2), (5, 3), (10, 5), (20, 1)]


def test_a_pause_is_no_decision():
    assert measure(seconds(3, 3, 3, 3, 3, 600, 5_000)) == measure(seconds(3, 3, 3, 3, 3))


def test_bands_are_counted_apart_and_count_for_the_hour():
    found = measure(seconds(4, 4, 4, 4, 4, *[0.01] * 95))

    assert (found.measured, found.together) == (5, 95)
    assert found.median == 4
    assert found.an_hour == pytest.approx(100 / 20.95 * 3_600)


@pytest.mark.parametrize("lengths", [(), (3, 3, 3, 3), (0.1,) * 9], ids=["none", "four", "all at once"])
def test_too_few_to_say(lengths):
    found = measure(seconds(*lengths))

    assert (found.median, found.slow, found.an_hour) == (None, None, None)
    assert [edge for edge, _ in found.bins] == list(EDGES)


def test_every_length_has_a_bin():
    every = [0.5, 2, 2.1, 5, 10, 20, 40, 80, 160, 299, 300, 301, 599.9]
    assert sum(count for _, count in measure(seconds(*every)).bins) == len(every)


def test_each_moderator_by_themselves(  # noqa: PLR0917
    site, scope, write_comment, write_decision, moderator, other_moderator, ago
):
    begin = ago(1)
    for number in range(7):
        for who, late in ((moderator, 0), (other_moderator, 1)):
            at = begin + timedelta(seconds=10 * number + late)
            row = write_decision(write_comment(site), "publish", at=at)
            type(row).objects.filter(pk=row.pk).update(moderator=who)
    found = handling_times(scope())

    assert found.measured == 12
    assert found.median == 10


def test_only_people_on_this_site(site, other_site, scope, write_comment, write_decision, ago):  # noqa: PLR0917
    for number in range(9):
        at = ago(1) + timedelta(seconds=10 * number)
        write_decision(write_comment(site), "publish", "engine", at=at)
        write_decision(write_comment(other_site), "publish", at=at)

    assert handling_times(scope()).measured == 0
