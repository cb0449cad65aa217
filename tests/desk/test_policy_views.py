"""The policy on the desk: everybody there reads it; administrators edit, rehearse, activate and roll back."""

import html
import re
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from belowline.desk import policy_views
from belowline.desk.rehearsal_report import NAMES
from belowline.engine.errors import ModelError
from belowline.engine.policy import default_policy_text, load_policy
from belowline.moderation import rehearsals
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Certificate, PolicyVersion
from belowline.moderation.rehearsals import rehearse_policy

PROMISE = {"bad_published": 0.01, "good_refused": 0.02, "confidence": 0.95}
HELD = "What a wombat of a harbour bridge this is."
PAGES = ["/desk/policy/", "/desk/policy/edit/?site=gazette"]
FORMS = ["rehearse", "activate", "restore", "edit"]


@pytest.fixture
def newest(site):
    """The id of the version that acts."""
    return lambda: site.policies.latest("id").pk


@pytest.fixture
def send(as_admin, newest):
    """Send one of the policy's forms."""

    def call(form, *, client=as_admin, **fields):
        return client.post(f"/desk/policy/{form}/", {"site": "gazette", "last_seen": newest()} | fields)

    return call


def page_of(answer):
    return answer.content.decode()


def words_of(answer):
    """The words of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page_of(answer))).split())


def messages_of(client):
    return re.findall(r'<div class="notice [^"]+" role="status"><p>(.*?)</p>', page_of(client.get("/desk/policy/")))


# --- who comes in


@pytest.mark.parametrize("path", [*PAGES, "/desk/policy/versions/1/", f"/desk/policy/rehearsals/{uuid.UUID(int=7)}/"])
def test_strangers_sign_in_first(stranger, site, path):
    answer = stranger.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/desk/policy/")


@pytest.mark.parametrize("path", [*PAGES, "/desk/policy/versions/1/"])
def test_readers_are_refused(as_reader, site, path):
    assert as_reader.get(path).status_code == 403


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ["as_reader", "as_moderator"])
def test_only_administrators_change_anything(request, send, site, policy_text, newest, form, who):  # noqa: PLR0917
    client = request.getfixturevalue(who)

    answer = send(form, client=client, text=policy_text(name="Mine"), version=newest())

    assert answer.status_code == 403
    assert site.policies.count() == 1


def test_moderators_read_and_are_told_who_changes_it(as_moderator, site, newest):
    page = page_of(as_moderator.get("/desk/policy/"))

    assert "Administrators change it" in page
    assert "Change the policy" not in page
    assert "Roll back" not in page
    assert as_moderator.get("/desk/policy/edit/?site=gazette").status_code == 403
    assert as_moderator.get(f"/desk/policy/versions/{newest()}/").status_code == 200


@pytest.mark.parametrize("form", ["rehearse", "activate", "edit"])
def test_a_text_is_given_back_to_somebody_who_was_signed_out(send, stranger, site, form):
    answer = send(form, client=stranger, text="my <b>long</b> text")

    assert answer.status_code == 403
    assert "my &lt;b&gt;long&lt;/b&gt; text</textarea>" in page_of(answer)
    assert site.policies.count() == 1


# --- the page


def test_the_policy_in_words(as_moderator, site):
    words = words_of(as_moderator.get("/desk/policy/"))

    assert "Small, small@" in words
    assert "by the operator" in words
    assert "“Be brief and kind.”" in words
    assert "Words that we do not publish banned_word A person decides from 0.5 of “banned word” on." in words
    assert "The machine publishes or holds. It rejects nothing." in words
    assert "none: the thresholds are a guess" in words


def test_one_that_rejects_by_machine(as_moderator, site, activate):
    activate(site, reject=0.9)
    words = words_of(as_moderator.get("/desk/policy/"))

    assert "from 0.9 on, the machine rejects" in words
    assert "It rejects nothing" not in words


def test_the_shipped_policy(as_moderator, other_site):
    words = words_of(as_moderator.get("/desk/policy/"))

    assert "General newspaper" in words
    assert "the beginning: it is the policy that is shipped" in words
    assert words.count("acts now") == 1


def test_no_site_at_all(as_moderator):
    assert "There is no site yet" in page_of(as_moderator.get("/desk/policy/"))


def test_several_sites(as_moderator, site, other_site):
    assert "of The Courier" in page_of(as_moderator.get("/desk/policy/")), "the first by name"
    page = page_of(as_moderator.get("/desk/policy/?site=gazette"))

    assert "of The Gazette" in page
    assert 'href="?site=courier"' in page
    assert "of The Courier" in page_of(as_moderator.get("/desk/policy/?site=nonsense"))


@pytest.mark.parametrize(
    ("voided", "words"),
    [(None, "in force of"), ("More errors than promised", "void since")],
    ids=["in force", "void"],
)
def test_the_state_of_the_certificate(as_moderator, site, voided, words):
    Certificate.objects.create(
        policy_version=site.policies.get(),
        document={"promise": PROMISE},
        voided_at=timezone.now() if voided else None,
        void_cause=voided or "",
    )
    shown = words_of(as_moderator.get("/desk/policy/"))

    assert words in shown
    assert (voided or "") in shown


def test_background_rules_with_what_people_decided(as_moderator, site, policy_text, post, decide):
    activate_policy(site=site, text=policy_text().replace("[rules.shouting]", "[rules.shouting]\nbackground = true"))
    decide(post("THIS WHOLE WOMBAT IS A SCANDAL AND EVERYBODY KNOWS IT NOW").comment)
    words = words_of(as_moderator.get("/desk/policy/"))

    assert "Shouting background shouting Counted from 0.6 of “shouting” on; decides nothing." in words
    assert "Shouting 1 1 0 1 1 0" in words


def test_versions_with_who_when_and_what(as_admin, site, policy_text, admin):
    activate_policy(site=site, text=policy_text(banned=("rat",)), by=admin)
    page = page_of(as_admin.get("/desk/policy/"))
    words = words_of(as_admin.get("/desk/policy/"))

    assert words.count("acts now") == 1
    assert "by Gazette Editor" in words
    assert "Settings , banned words: from wombat → to rat" in words
    assert page.count("Roll back<") == 2, "the version before, and the one that is shipped"
    assert f"/desk/policy/versions/{site.policies.earliest('id').pk}/" in page


def test_a_version_of_another_release(as_admin, site, activate):
    PolicyVersion.objects.create(site=site, version="old@1", text="[policy]\nhuh = 1")
    activate(site)
    page = page_of(as_admin.get("/desk/policy/"))

    assert "does not understand its text" in page
    assert page.count("Roll back<") == 2


def test_the_text_of_a_version(as_admin, as_moderator, site, policy_text):
    row = activate_policy(site=site, text=policy_text(name="<b>Bold</b>"))
    page = page_of(as_admin.get(f"/desk/policy/versions/{row.pk}/"))

    assert "name = &quot;&lt;b&gt;Bold&lt;/b&gt;&quot;" in page
    assert f"/desk/policy/edit/?site=gazette&amp;from={row.pk}" in page
    assert "Edit from here" not in page_of(as_moderator.get(f"/desk/policy/versions/{row.pk}/"))


def test_a_version_that_is_not_there(as_moderator, site):
    assert as_moderator.get("/desk/policy/versions/999/").status_code == 404


def test_one_that_acts_and_cannot_be_read_is_said_and_can_be_mended(as_admin, send, site, published, policy_text):
    broken = PolicyVersion.objects.create(site=site, version="old@1", text="[policy")
    page = page_of(as_admin.get("/desk/policy/"))

    assert "The policy that should act cannot be read" in page
    assert "Every comment is held" in page
    assert "[policy</textarea>" in page_of(as_admin.get("/desk/policy/edit/?site=gazette"))
    assert "of 1 comment would" in words_of(send("rehearse", text=policy_text()))
    assert send("restore", version=site.policies.earliest("id").pk, last_seen=broken.pk).status_code == 302
    assert site_policy(site).name == "Small"


def test_what_was_written_is_text(as_moderator, site, policy_text):
    text = policy_text(sentence="<i>Be kind</i>").replace('"Links"', '"<script>alert(1)</script>"')
    activate_policy(site=site, text=text)
    page = page_of(as_moderator.get("/desk/policy/"))

    assert "<script>alert" not in page
    assert "<i>Be kind" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# --- the editor


def test_the_editor_begins_with_what_acts(as_admin, site, newest, policy_text):
    page = page_of(as_admin.get("/desk/policy/edit/?site=gazette"))

    assert html.escape(policy_text()).replace("&#x27;", "&#39;") in page
    assert f'name="last_seen" value="{newest()}"' in page


def test_the_editor_of_a_site_without_a_policy_of_its_own(as_admin, other_site):
    page = html.unescape(page_of(as_admin.get("/desk/policy/edit/?site=courier")))

    assert default_policy_text() in page
    assert 'name="last_seen" value="0"' in page


def test_the_editor_begins_with_an_earlier_version(as_admin, site, activate, newest):
    first = newest()
    activate(site, banned=("rat",))
    page = page_of(as_admin.get(f"/desk/policy/edit/?site=gazette&from={first}"))

    assert "wombat" in page
    assert f'name="last_seen" value="{newest()}"' in page, "it replaces what acts, not what it was made of"


@pytest.mark.parametrize("start", ["", "x", "999999", "9" * 99])
def test_a_start_that_is_none(as_admin, site, start):
    assert "wombat" in page_of(as_admin.get(f"/desk/policy/edit/?site=gazette&from={start}"))


def test_another_sites_version_is_no_start(as_admin, site, other_site, activate):
    theirs = activate(other_site, banned=("secret",))

    assert "secret" not in page_of(as_admin.get(f"/desk/policy/edit/?site=gazette&from={theirs.pk}"))


@pytest.mark.parametrize("path", ["/desk/policy/edit/", "/desk/policy/edit/?site=herald"])
def test_a_site_that_is_not_there(as_admin, site, path):
    assert as_admin.get(path).status_code == 404


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ("hold = 0.5", "hold = 5", "wrong value: expected `float` &lt;= 1.0", "hold = 5"),
        ("hold = 0.5", "holt = 0.5", "did you mean `hold`?", "holt = 0.5"),
        ('score = "links"', 'score = "link"', "did you mean `links`?", "score = &quot;link&quot;"),
        ("[rules.links]", "[rules.links", "this is not TOML", "[rules.links"),
    ],
    ids=["value", "key", "score", "TOML"],
)
def test_an_error_names_its_line_and_nothing_is_lost(send, site, policy_text, old, new, words, line):  # noqa: PLR0917
    text = policy_text(sentence="Mind & <b>my</b> words.").replace(old, new, 1)
    answer = send("rehearse", text=text)
    page = page_of(answer)

    assert answer.status_code == 422
    assert words in page
    assert f"<mark>{line}</mark>" in page
    assert html.unescape(page).count(text) == 1, "the text stands in the editor as it was"
    assert 'aria-invalid="true"' in page
    assert site.policies.count() == 1


@pytest.mark.parametrize("text", ["", "x = 1\n" * 50_000], ids=["nothing", "too long"])
def test_an_error_without_a_line(send, text):
    answer = send("rehearse", text=text)

    assert answer.status_code == 422
    assert "Not done" in page_of(answer) or "is wrong" in page_of(answer)


def test_the_first_line_may_be_empty(send):
    """Browsers swallow a line break after <textarea>: one is put there for them."""
    assert "required>\n\n\nhello" in page_of(send("edit", text="\n\nhello"))


def test_back_to_the_editor_with_the_text(send, newest):
    page = page_of(send("edit", text="half of a <policy>", last_seen=newest()))

    assert "half of a &lt;policy&gt;</textarea>" in page
    assert 'role="alert"' not in page


# --- rehearsing


@pytest.fixture
def past(published, post, decide):
    """One comment that was published, one that was held and published, one that waits."""
    decide(post(HELD).comment)
    post("Another wombat, and it waits.")


def test_a_rehearsal(send, site, past, policy_text):
    answer = send("rehearse", text=policy_text(banned=("harbour",)))
    words = words_of(answer)

    assert answer.status_code == 200
    assert "2 of 3 comments would change sides" in words
    assert "Settings , banned words: from wombat → to harbour" in words
    assert "Held 2 0 (0%) 2 0 (0%)" in words
    assert "Published Held" not in words
    assert "Published → Held 1.00 Stricter; no person has looked at it A quiet remark about the harbour bridge" in words
    assert "Held → Published 1.00 Milder; no person has looked at it Another wombat, and it waits." in words
    assert site.policies.count() == 1


def test_its_drawings_are_part_of_the_page(send, past, policy_text):
    page = page_of(send("rehearse", text=policy_text().replace("hold = 0.5", "hold = 0.9", 1)))

    assert page.count("<svg") == 2
    assert "Words that we do not publish: scores and threshold" in page
    assert not re.search(r"<svg[^>]*style|<style", page)


def test_comments_are_linked_where_they_stand(send, published, held, policy_text, story):
    page = page_of(send("rehearse", text=policy_text(banned=("harbour", "wombat"))))
    assert f"/discussion/{story.pk}/#c-{published.pk}" in page

    page = page_of(send("rehearse", text=policy_text(banned=())))
    assert f"/desk/?comment={held.pk}" in page


def test_what_readers_wrote_is_text_there(send, post, policy_text):
    post("<script>alert(1)</script> wombat <mark>x</mark>")
    page = page_of(send("rehearse", text=policy_text(banned=())))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; wombat" in page


def test_titles_of_rules_are_text_there(send, held, policy_text):
    text = policy_text().replace('"Links"', '"<b>Links</b>"').replace("hold = 0.5", "hold = 0.4")
    page = page_of(send("rehearse", text=text))

    assert "<b>Links" not in page
    assert "&lt;b&gt;Links&lt;/b&gt;" in page


def test_nothing_changes(send, past, policy_text):
    words = words_of(send("rehearse", text=policy_text() + "# a remark\n"))

    assert "None of 3 comments would change sides" in words
    assert "The same rules and settings" in words


def test_a_broken_model_is_said_and_the_text_stays(send, held, policy_text, monkeypatch):
    def broken(_site):
        raise ModelError("the model is damaged; install the package again")

    monkeypatch.setattr(rehearsals, "measuring_engine", broken)
    answer = send("rehearse", text=policy_text(banned=("harbour",)))

    assert answer.status_code == 422
    assert "the model is damaged" in page_of(answer)
    assert policy_text(banned=("harbour",)) in html.unescape(page_of(answer))


def test_there_is_no_past(send, site, policy_text):
    page = page_of(send("rehearse", text=policy_text()))

    assert "There is no past to rehearse on yet" in page
    assert "Activate this policy" in page
    assert "<svg" not in page


def test_background_rules_stand_apart(send, post, policy_text):
    post("THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW")
    text = policy_text().replace("[rules.shouting]", "[rules.shouting]\nbackground = true")
    words = words_of(send("rehearse", text=text))

    assert "In the background Counted, they decide nothing" in words
    assert "Shouting 1 1 1 1 –" in words
    assert "Shouting , works: from acts → to in the background" in words


def test_line_ends_of_browsers_make_no_other_version(send, past, policy_text, site):
    send("activate", text=policy_text().replace("\n", "\r\n"))

    assert len(set(site.policies.values_list("version", flat=True))) == 1


def test_few_queries_however_many_change(send, post, policy_text, django_assert_max_num_queries):
    for number in range(15):
        post(f"Wombat number {number} of the bridge.")

    with django_assert_max_num_queries(31):
        assert "15 of 15 comments" in words_of(send("rehearse", text=policy_text(banned=())))


@pytest.mark.parametrize("path", ["rehearse"])
def test_an_address_that_was_a_report(as_admin, site, path):
    answer = as_admin.get(f"/desk/policy/{path}/")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/policy/")


@pytest.mark.parametrize("path", ["activate", "restore"])
def test_what_acts_is_sent(as_admin, site, path):
    assert as_admin.get(f"/desk/policy/{path}/").status_code == 405


def test_every_outcome_has_a_name():
    assert [*NAMES.values()] == ["Published", "Held", "Rejected"]


# --- one that takes long


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(policy_views, "REQUEST_SECONDS", 0.0)


@pytest.mark.django_db(transaction=True)
def test_a_long_one_becomes_a_task(send, as_admin, past, policy_text, slow, newest):  # noqa: PLR0917
    answer = send("rehearse", text=policy_text(banned=()))
    address = answer["Location"]
    assert re.fullmatch(r"/desk/policy/rehearsals/[0-9a-f-]{36}/", address)
    page = page_of(as_admin.get(address))
    assert "Waiting for the worker" in page
    assert '<meta http-equiv="refresh"' in page

    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    page = page_of(as_admin.get(address))

    assert "2 of 3 comments" in re.sub(r"<[^>]+>", "", page)
    assert "Another wombat, and it waits." in page
    assert f'name="last_seen" value="{newest()}"' in page
    assert "Activate this policy" in page


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_gives_the_text_back(as_admin, site, policy_text, published):
    result = rehearse_policy.enqueue(site.pk, "[policy", 0)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    answer = as_admin.get(f"/desk/policy/rehearsals/{result.id}/")

    assert answer.status_code == 422
    assert "the rehearsal failed" in page_of(answer)
    assert "[policy</textarea>" in page_of(answer)


def test_a_rehearsal_that_is_not_there(as_admin, site):
    assert as_admin.get(f"/desk/policy/rehearsals/{uuid.uuid4()}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_another_task_is_no_rehearsal(as_admin, story):
    from belowline.stories.tasks import read_story_text

    assert as_admin.get(f"/desk/policy/rehearsals/{read_story_text.enqueue(story.pk).id}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_is_for_administrators(as_moderator, site, policy_text):
    result = rehearse_policy.enqueue(site.pk, policy_text(), 0)

    assert as_moderator.get(f"/desk/policy/rehearsals/{result.id}/").status_code == 403


# --- activating and rolling back


def test_activating(send, as_admin, site, policy_text, admin, post):  # noqa: PLR0917
    answer = send("activate", text=policy_text(name="House rules", banned=("rat",)))

    assert (answer.status_code, answer["Location"]) == (302, "/desk/policy/?site=gazette")
    row = site.policies.latest("id")
    assert row.activated_by == admin
    assert row.version.startswith("house-rules@")
    assert f"{row.version} acts on The Gazette from now on." in messages_of(as_admin)[0]
    assert post("What a rat.").decision.policy == row.version
    assert post("A wombat.").decision.outcome == "publish"


def test_somebody_was_faster(send, site, policy_text, activate, newest):
    seen = newest()
    activate(site, name="Faster", banned=("rat",))
    mine = policy_text(name="Mine & <mine>")
    answer = send("activate", text=mine, last_seen=seen)
    page = page_of(answer)

    assert answer.status_code == 422
    assert "Another policy has begun to act meanwhile: faster@" in page
    assert mine in html.unescape(page)
    assert site_policy(site).name == "Faster"
    assert f'name="last_seen" value="{newest()}"' in page, "who has been told may go on"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 99])
def test_a_form_that_has_seen_nonsense_overwrites_nothing(send, site, policy_text, seen):
    assert send("activate", text=policy_text(name="Mine"), last_seen=seen).status_code == 422
    assert site_policy(site).name == "Small"


def test_a_wrong_text_does_not_act(send, site):
    answer = send("activate", text="[policy")

    assert answer.status_code == 422
    assert "line 1" in page_of(answer)
    assert site.policies.count() == 1


@pytest.mark.parametrize("form", ["rehearse", "activate", "restore"])
def test_a_form_for_no_site(send, policy_text, form, newest):
    assert send(form, site="herald", text=policy_text(), version=newest()).status_code == 404


def test_rolling_back(send, as_admin, site, activate, newest):
    first = newest()
    activate(site, banned=("rat",))
    answer = send("restore", version=first)

    assert answer["Location"] == "/desk/policy/?site=gazette"
    assert messages_of(as_admin)[0].startswith("Rolled back: small@")
    assert site_policy(site).settings.banned_words == ("wombat",)
    assert site.policies.count() == 3


def test_rolling_back_to_the_shipped_policy(send, site):
    send("restore", version=0)

    assert site_policy(site) == load_policy()


def test_rolling_back_when_somebody_was_faster(send, as_admin, site, activate, newest):
    first = newest()
    activate(site, name="Faster")
    send("restore", version=first, last_seen=first)

    assert "Another policy has begun to act meanwhile" in messages_of(as_admin)[0]
    assert site_policy(site).name == "Faster"


def test_rolling_back_to_what_cannot_be_read(send, as_admin, site):
    old = PolicyVersion.objects.create(site=site, version="old@1", text="[policy")
    send("restore", version=old.pk)

    assert site.policies.count() == 2
    assert "TOML" in html.unescape(messages_of(as_admin)[0])


@pytest.mark.parametrize("version", ["", "x", "999999"])
def test_rolling_back_to_nothing(send, site, version):
    assert send("restore", version=version).status_code == 404
    assert site.policies.count() == 1


def test_rolling_back_to_another_sites_version(send, site, other_site, activate):
    theirs = activate(other_site)

    assert send("restore", version=theirs.pk).status_code == 404
