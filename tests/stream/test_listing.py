"""The list of comments: what other tables know of them, links that carry on, made once for each version."""

import re

import pytest
from django.core.cache import cache, caches

from belowline.comments.models import Comment, StorySubjects
from belowline.limits.caches import kept
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.stories.models import Story


@pytest.fixture
def get(stranger, story):
    def call(query="", client=stranger):
        return client.get(f"/discussion/{story.pk}/{query}").content.decode()

    return call


def test_made_once_for_each_version(get, story, published, django_assert_num_queries):
    get()
    Comment.objects.filter(pk=published.pk).update(body_html="<p>Changed behind our back.</p>")
    assert "behind our back" not in get()
    assert "behind our back" in get("?order=best")
    Story.objects.get(pk=story.pk).bump()
    assert "behind our back" in get()


def test_a_list_of_an_earlier_version_makes_room(get, story, published):
    kept.clear()
    for _ in range(5):
        get()
        Story.objects.get(pk=story.pk).bump()

    assert sum("thread:" in key for key in caches["kept"]._cache) == 1


def test_the_article_s_author_is_badged(get, story, post, account):
    writer = account("Ines Calder")
    post("I wrote that article.", author=writer)
    assert "Author of the article" not in get()
    Story.objects.filter(pk=story.pk).update(author_emails=[writer.email])
    cache.clear()

    assert get().count("Author of the article") == 1


def test_an_address_that_nobody_confirmed_is_no_proof(get, story, post, account):
    writer = account("Ines Calder")
    post("I wrote that article.", author=writer)
    writer.emailaddress_set.update(verified=False)
    Story.objects.filter(pk=story.pk).update(author_emails=[writer.email])
    cache.clear()

    assert "Author of the article" not in get()


def test_a_removal_names_its_rule(get, post, published, moderator):
    post("An answer.", parent=published)
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert "A moderator removed this comment. Rule: Links." in get()


@pytest.mark.parametrize(("query", "carried"), [("", ""), ("?embed=1", "?embed=1"), ("?lang=de", "?lang=de")])
def test_links_carry_on(get, published, story, query, carried):
    page = get(query)

    reply = f"{carried}&amp;" if carried else "?"
    assert f'href="/comments/{published.pk}/{carried}"' in page
    assert f'href="/discussion/{story.pk}/{reply}reply={published.pk}#composer"' in page


def test_a_digression_is_folded_and_there(get, published, post):
    post("An answer.", parent=published)
    Comment.objects.filter(pk=published.pk).update(is_digression=True)
    cache.clear()
    page = get()

    folded = page.split('<details class="digression">')[1].split("</details>")[0]
    assert "Marjorie Tench leaves the article here." in folded
    assert published.text_source in folded
    assert "An answer." in folded


def test_picks_say_why(get, published, moderator):
    from belowline.comments.models import Pick

    assert "The editors have not picked a comment here yet." in get("?order=picks")
    Pick.objects.create(comment=published, picked_by=moderator, sentence="She knows the bridge.")
    cache.clear()
    for query in ("", "?order=picks"):
        assert '<strong>Editors’ pick</strong> <q dir="auto">She knows the bridge.</q>' in get(query)


# --- under discussion


@pytest.fixture
def subjects(story, post):
    """Two subjects, one of them with a reply in it and one that has gone since."""
    fares, gone = post("The fares rise.").comment, post("Fares again.").comment
    reply = post("As the fares did last year.", parent=fares).comment
    nurses = post("Nurses need it.").comment
    found = [
        {"name": "fares, rise", "comments": [fares.pk, gone.pk, reply.pk]},
        {"name": "nurses", "comments": [nurses.pk]},
    ]
    StorySubjects.objects.create(story=story, found=found)
    gone.refresh_from_db()
    gone.change_status(Comment.Status.REMOVED)
    return found


def test_a_subject_shows_its_comments_each_by_itself(get, subjects, story):
    page = get("?subject=1")

    assert re.findall(r'class="comment depth-(\d)', page) == ["0", "0"]
    assert "As the fares did last year." in page
    assert "Nurses need it." not in page
    assert "Fares again." not in page
    assert f'href="/discussion/{story.pk}/?subject=1#discussion-comments" aria-current="true">fares, rise' in page
    assert f'href="/discussion/{story.pk}/#discussion-comments">All subjects</a>' in page


def test_without_one_all_are_shown_and_offered(get, subjects, story):
    page = get("?order=oldest")

    assert "Nurses need it." in page
    assert f'href="/discussion/{story.pk}/?order=oldest&amp;subject=2#discussion-comments">nurses' in page


@pytest.mark.parametrize("number", ["3", "99", "9" * 18])
def test_a_subject_that_is_not_there(stranger, story, subjects, number):
    answer = stranger.get(f"/discussion/{story.pk}/?order=oldest&subject={number}")

    assert answer.headers["Location"] == f"/discussion/{story.pk}/?order=oldest"


def test_no_subjects_no_strip(get, published):
    assert "Under discussion" not in get()
