"""What measures do to posting: the whole table, and what stays possible."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.actions.recommend_comment import recommend_comment
from belowline.comments.errors import PostingError
from belowline.moderation.actions.acknowledge_warning import acknowledge_warning
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.errors import SanctionedError
from belowline.moderation.models import Report
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.sanctions import (
    LENGTHS,
    MOST_HOURS,
    Kind,
    contest_until,
    gravest,
    home_site,
    is_read_first,
    measures_of,
    record,
    rules_for,
    until_words,
    why_not_write,
)

CODES = {"warn": "warned", "suspend": "suspended", "ban": "banned"}


def outcome(post, **asked):
    """What becomes of a post: its status, or the code of the error."""
    try:
        return post(**asked).comment.status
    except PostingError as error:
        return error.code


@pytest.mark.parametrize(("kind", "found"), [(None, "published"), *CODES.items(), ("premoderate", "held")], ids=str)
def test_what_becomes_of_a_post(post, sanction, kind, found):
    if kind:
        sanction(kind)

    assert outcome(post) == found


@pytest.mark.parametrize("kind", ["warn", "premoderate", "suspend", "ban"])
@pytest.mark.parametrize("how", ["over", "lifted", "not begun"])
def test_what_holds_no_more_stops_nobody(post, sanction, admin, kind, how):
    row = sanction(kind)
    now, hour = timezone.now(), timedelta(hours=1)
    if how == "over":
        Sanction.objects.filter(pk=row.pk).update(ends_at=now - hour)
    elif how == "not begun":
        Sanction.objects.filter(pk=row.pk).update(begins_at=now + hour)
    else:
        lift_sanction(sanction=row, by=admin)

    assert outcome(post) == "published"


@pytest.mark.parametrize("kind", ["suspend", "ban", "warn", "premoderate"])
def test_one_site_or_all(post, sanction, make_story, other_site, kind):
    elsewhere = make_story(other_site)
    sanction(kind)
    assert why_not_write(Sanction.objects.get().user, other_site) is None
    assert not is_read_first(Sanction.objects.get().user_id, other_site)
    Sanction.objects.update(site=None)

    assert outcome(post, story=elsewhere) == CODES.get(kind, "held")


def test_nobody_else_is_concerned(post, sanction, other_reader):
    for kind in ("warn", "premoderate", "suspend", "ban"):
        sanction(kind)

    assert outcome(post, author=other_reader) == "published"


def test_the_message_says_by_which_rule_and_until_when(post, sanction, settings):
    row = sanction("suspend", hours=72)
    with pytest.raises(SanctionedError) as refused:
        post()

    assert f"{row.ends_at:%Y}" in refused.value.message
    assert "a moderator suspended your account (Words that we do not publish)" in refused.value.message


def test_a_ban_for_good_has_no_end(post, sanction):
    row = sanction("ban")
    with pytest.raises(SanctionedError, match="cannot post any more"):
        post()
    assert until_words(row) == ""


def test_a_warning_is_read_first_and_once(post, sanction, reader):
    row = sanction("warn")
    assert outcome(post) == "warned"
    acknowledge_warning(sanction=row, user=reader)

    assert outcome(post) == "published"


def test_what_is_read_first_is_no_mark_and_is_told(post, sanction):
    sanction("premoderate")
    decision = post().decision

    [reason] = decision.reasons
    assert (reason["rule"], reason["score"], reason["title"]) == (
        "author_premoderated",
        None,
        "A moderator reads first",
    )
    assert reason["explanation"] == "A moderator reads your comments before others can, for some time."


def test_what_the_machine_finds_comes_first(post, sanction):
    sanction("premoderate")
    decision = post("What a wombat of a bridge.").decision

    assert [reason["rule"] for reason in decision.reasons] == ["banned_word", "author_premoderated"]


def test_an_edit_counts_as_a_post(published, sanction, reader):
    sanction("suspend")
    with pytest.raises(SanctionedError):
        edit_comment(comment=published, author=reader, text_source="Another remark about the harbour bridge.")


def test_an_edit_under_premoderation_waits(published, sanction, reader):
    sanction("premoderate")
    edit_comment(comment=published, author=reader, text_source="Another remark about the harbour bridge.")

    published.refresh_from_db()
    assert published.status == "held"


def test_a_measure_between_judging_and_writing_counts(post, sanction, monkeypatch):
    from belowline.moderation.actions import post_comment as module

    def late(site, submission, judge=module.judge):
        found = judge(site, submission)
        sanction("suspend")
        return found

    monkeypatch.setattr(module, "judge", late)
    assert outcome(post) == "suspended"


def test_the_same_form_again_gets_the_first_answer(post, sanction):
    first = post(key="once").comment
    sanction("ban")

    assert post(key="once").comment == first


def test_what_stays_possible(published, post, sanction, reader, other_reader, report):  # noqa: PLR0917
    theirs = post(author=other_reader).comment
    sanction("ban")

    assert recommend_comment(comment=theirs, by=reader) == 1
    assert report(theirs, by=reader).state == Report.State.OPEN
    delete_comment(comment=published, by=reader)
    published.refresh_from_db()
    assert published.status == "deleted"


def test_the_gravest_is_the_one_that_is_told(sanction):
    warning, short = sanction("warn"), sanction("suspend", hours=24)
    assert gravest([warning, short]) == short
    long = Sanction(kind="suspend", ends_at=short.ends_at + timedelta(days=1))
    assert gravest([short, long]) is long
    ban = sanction("ban")
    assert gravest([short, ban, warning]) == ban
    assert gravest([]) is None


def test_lengths_that_the_desk_offers_are_allowed():
    for kind, lengths in LENGTHS.items():
        for hours in lengths:
            assert hours is None or 1 <= hours <= MOST_HOURS[kind]
    assert [kind for kind, lengths in LENGTHS.items() if None in lengths] == [Kind.WARN, Kind.BAN]


def test_rules_about_the_topic_are_not_offered(other_site, site):
    assert "off_topic" not in rules_for(other_site)
    assert len(rules_for(other_site)) > 3
    assert list(rules_for(site)) == ["banned_word", "links", "shouting"]


def test_the_site_of_somebody(reader, site, other_site, post, make_story):
    assert home_site(reader) == site
    post(story=make_story(other_site))
    assert home_site(reader) == other_site


def test_what_was_lifted_is_not_on_the_record(sanction, reader, admin):
    sanction("warn")
    lift_sanction(sanction=sanction("suspend"), by=admin)

    assert record(reader) == {"warn": 1, "premoderate": 0, "suspend": 0, "ban": 0}


def test_for_so_long_it_can_be_contested(sanction):
    row = sanction("suspend")
    assert contest_until(row) == row.created_at + timedelta(days=183)
    assert contest_until(row, row.created_at + timedelta(days=184)) is None


def test_in_another_language(sanction, reader):
    sanction("suspend", site=None)
    with translation.override("de"):
        [measure] = measures_of(reader)
        assert measure.place == "alle Websites dieses Servers"
        assert measure.sentence.startswith("Sie können bis ")
