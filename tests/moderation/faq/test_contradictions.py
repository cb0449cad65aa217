"""The FAQ cannot contradict the settings: change one, and the answer that speaks of it changes.

Every key of a policy stands in one of the tables below, so that a new one cannot be forgotten.
"""

import re
from datetime import datetime

import msgspec
import pytest
from django.core.cache import cache

from belowline.accounts.actions.add_sso_key import retire_sso_key
from belowline.accounts.models import SsoKey
from belowline.engine.policy import Rule, Settings, load_policy
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.offers import Offers
from belowline.moderation.faq.page import BUILDERS, write_faq
from belowline.moderation.faq.questions import BY_KEY
from belowline.moderation.models import Decision
from belowline.stories.models import Site

EVERYTHING = Offers(**dict.fromkeys(Offers._fields, True))
NOTHING = Offers(**dict.fromkeys(Offers._fields, False))
SETTINGS = [
    ("languages", {'languages = ["en"]': 'languages = ["fr", "en"]'}, "length", "English.", "French and English."),
    ("languages", {'languages = ["en"]': 'languages = ["cy"]'}, "contact", "in English.", "in Welsh."),
    ("max_links", {"max_links = 2": "max_links = 7"}, "length", "Up to 2 links may", "Up to 7 links may"),
    ("max_links", {"max_links = 2": "max_links = 1"}, "length", "Up to 2 links may", "Up to 1 link may"),
    (
        "own_domains",
        {"own_domains = []": 'own_domains = ["courier.example"]'},
        "length",
        "Formatting",
        "Links to courier.example do not count.",
    ),
    (
        "banned_words",
        {"banned_words = []": 'banned_words = ["wombat", "numbat", "bilby"]'},
        "rules",
        "The list holds 0 terms today.",
        "The list holds 3 terms today.",
    ),
    (
        "watched_words",
        {"watched_words = []": 'watched_words = ["goose"]'},
        "rules",
        "The list holds 0 terms today.",
        "The list holds 1 term today.",
    ),
    (
        "signal_timeout_ms",
        {"signal_timeout_ms = 2000": "signal_timeout_ms = 7500"},
        "before-or-after",
        "longer than 2 seconds",
        "longer than 7.5 seconds",
    ),
    (
        "audit_share",
        {"audit_share = 0.02": "audit_share = 0.35"},
        "software",
        "reviews 2 % of its decisions",
        "reviews 35 % of its decisions",
    ),
    ("appeal_days", {"appeal_days = 183": "appeal_days = 407"}, "appeal", "For 183 days", "For 407 days"),
]
"""Key, change, question, what it says before, what it says after."""
SILENT_SETTINGS = {"region": "how telephone numbers are recognised is no question of readers"}
RULES = [
    ("title", {'"Threats and calls for violence"': '"Menaces"'}, "rules", "Threats and calls", "Menaces"),
    (
        "score",
        {'score = "insult"': 'score = "banned_word"'},
        "rules",
        "not to our reporters. ",
        "not to our reporters. The list holds 0 terms today.",
    ),
    ("hold", {"hold = 0.75": "hold = 0.725"}, "software", "from 75 %", "from 72.5 %"),
    (
        "hold",
        {"hold = 0.75": "hold = 0.96"},
        "software",
        "from 75 % when fairly sure",
        "from 96 % when all but certain",
    ),
    (
        "hold",
        {'score = "links"\nhold = 0.5': 'score = "links"\nhold = 0.7'},
        "length",
        "Up to 2 links may",
        "Up to 6 links may",
    ),
    (
        "reject",
        {"hold = 0.75": "hold = 0.75\nreject = 0.93"},
        "software",
        "Only people reject.",
        "For “Personal abuse” it also rejects, when very sure (from 93 %)",
    ),
    (
        "reject",
        {'score = "links"\nhold = 0.5': 'score = "links"\nhold = 0.5\nreject = 0.8'},
        "length",
        "before a person looks at it.",
        "before a person looks at it. From 12 on software rejects it.",
    ),
    (
        "reject",
        {'score = "other_language"\nhold = 0.6': 'score = "other_language"\nhold = 0.6\nreject = 0.9'},
        "length",
        "Comments in other languages are held for a person.",
        "Comments in other languages are rejected by software (from 90 %), or held for a person.",
    ),
    (
        "hold_in",
        {"hold = 0.75": 'hold = 0.75\nhold_in = { opinion = 0.96, "" = 0.5 }'},
        "software",
        "from 75 % when fairly sure never",
        "in opinion: from 96 % when all but certain in articles without a section: from 50 % when in doubt never",
    ),
    (
        "hold_in",
        {"hold = 0.75": "hold = 0.75\nreject = 0.8\nhold_in = { opinion = 0.96, sport = 0.7 }"},
        "software",
        "Only people reject.",
        "also rejects, when very sure (from 80 %; in opinion: from 96 %)",
    ),
    (
        "hold_in",
        {'score = "links"\nhold = 0.5': 'score = "links"\nhold = 0.5\nhold_in = { opinion = 0.7 }'},
        "length",
        "Up to 2 links may stand in a comment before a person looks at it. Formatting",
        "Up to 6 links may stand in a comment before a person looks at it. (in opinion)",
    ),
    (
        "hold_in",
        {
            'score = "other_language"\nhold = 0.6': 'score = "other_language"\nhold = 0.6\nreject = 0.9\n'
            "hold_in = { opinion = 0.95 }"
        },
        "length",
        "Comments in other languages are held for a person.",
        "In opinion they are rejected from 95 %.",
    ),
    (
        "sections",
        {"hold = 0.75": 'hold = 0.75\nsections = ["sport", "opinion"]'},
        "rules",
        "not to our reporters. Abusive language",
        "not to our reporters. In: sport, opinion.",
    ),
    ("for_readers", {"No sexually explicit remarks.": "Keep it clean."}, "rules", "No sexually", "Keep it clean."),
    (
        "unchecked",
        {"hold = 0.75": 'hold = 0.75\nunchecked = "ignore"'},
        "before-or-after",
        "except for these rules, which are then left aside: Off topic",
        "except for these rules, which are then left aside: Personal abuse",
    ),
    (
        "ignore_unchecked",
        {'["story_language_unsupported"]': '["no_story"]'},
        "before-or-after",
        "Off topic (where the article is in a language that software cannot judge)",
        "Off topic (where software does not know the article)",
    ),
    (
        "ignore_unchecked",
        {'["story_language_unsupported"]': '["no_story"]'},
        "closed-articles",
        "it cannot tell what is on topic, and comments wait.",
        "nothing is held as off topic under it.",
    ),
    (
        "desk",
        {'desk = "newsroom"': 'desk = "corrections"'},
        "about-moderation",
        "It is held, and our newsroom reads it.",
        "It is held, and our corrections desk reads it.",
    ),
    (
        "desk",
        {'desk = "corrections"': 'desk = "newsroom"'},
        "contact",
        "A mistake in the article . It appears all the same, and our corrections desk reads it.",
        "A mistake in the article . It appears all the same, and our newsroom reads it.",
    ),
    (
        "desk",
        {'desk = "newsroom"': 'desk = "moderators"'},
        "rules",
        "on topic. It is held, and our newsroom reads it. About our site",
        "they are on topic. About our site",
    ),
    ("background", {"hold = 0.75": "hold = 0.75\nbackground = true"}, "rules", "Personal abuse", "Abusive language"),
]
SILENT_RULE_KEYS = {
    "for_moderators": "it is for moderators",
    "explanation": "the author of a comment reads it, beside the comment",
    "statement": "the statements of reasons use it: names of the European database, not of readers",
}


@pytest.mark.parametrize(("key", "change", "question", "before", "after"), SETTINGS + RULES)
def test_an_answer_follows_the_policy(answer, other_site, set_policy, key, change, question, before, after):  # noqa: PLR0917
    other_site.contact_email = "desk@courier.example"
    asked = answer(question, offers=EVERYTHING)
    assert before in asked
    assert after not in asked or key == "background"

    set_policy(change)
    changed = answer(question, offers=EVERYTHING)
    assert after in changed
    assert changed != asked


@pytest.mark.parametrize(
    ("kind", "spoken", "silent"), [(Settings, SETTINGS, SILENT_SETTINGS), (Rule, RULES, SILENT_RULE_KEYS)]
)
def test_no_key_of_a_policy_is_forgotten(kind, spoken, silent):
    named = {row[0] for row in spoken} | silent.keys()
    switches = {"nudge"} if kind is Settings else set()  # tested below

    assert {field.name for field in msgspec.structs.fields(kind)} == named | switches


def test_keys_of_which_it_is_silent_change_nothing(answer, set_policy):
    asked = answer("rules") + answer("software")
    set_policy(
        {
            'region = "GB"': 'region = "US"',
            "Explicit remarks and advances. Not": "Guidance. Not",
            "reads as sexually explicit.": "is too much.",
        }
    )

    assert answer("rules") + answer("software") == asked


@pytest.mark.parametrize(("value", "is_told"), [("true", True), ("false", False)])
def test_the_nudge(answer, set_policy, value, is_told):
    set_policy({"nudge = true": f"nudge = {value}"})

    for key, words in (("try-again", "Before you post, you are told once"), ("stored", "after you were told")):
        assert (words in answer(key, offers=EVERYTHING)) is is_told
        assert words not in answer(key, offers=NOTHING)


def test_the_sentence_and_the_version(answer, set_policy, other_site, stranger):
    set_policy({"Comments are moderated and": "We read them all, and"})
    version = gather(other_site).policy.version

    assert "We read them all, and generally" in stranger.get("/faq/courier/").content.decode()
    assert f"The policy {version} acts since" in answer("transparency")


def test_a_shipped_policy_has_no_day_on_which_it_began(answer):
    assert f"The policy {load_policy().version} acts: the one that the comment system brings along." in answer(
        "transparency"
    )


# --- settings of the server


@pytest.mark.parametrize(
    ("setting", "value", "question", "words"),
    [
        ("COMMENT_MAX_CHARACTERS", 7_919, "length", "Up to 7,919 characters."),
        ("REPLY_DEPTH_MAX", 17, "reply-follow-mute", "up to 17 levels"),
        ("REPLY_DEPTH_MAX", 1, "reply-follow-mute", "up to 1 level;"),
        ("SESSION_COOKIE_AGE", 60 * 60 * 24 * 41, "stored", "signed in, for 41 days"),
        ("SESSION_COOKIE_AGE", 60, "stored", "signed in, for 1 day"),
        ("KEEP_DELETED_DAYS", 7, "stored", "its text is erased from our records after 7 days"),
        ("KEEP_DELETED_DAYS", 1, "stored", "its text is erased from our records after 1 day."),
        ("KEEP_DELETED_DAYS", 0, "stored", "its text stays in our records"),
        ("KEEP_REFUSED_DAYS", 400, "stored", "is erased after 400 days, but not while you can contest that"),
        ("KEEP_DECISIONS_DAYS", 900, "stored", "reports and appeals, is erased after 900 days"),
        (
            "AUTH_PASSWORD_VALIDATORS",
            [{"NAME": "x", "OPTIONS": {"min_length": 19}}],
            "who-may-comment",
            "at least 19 characters",
        ),
        ("SLOW_SECONDS", 17, "length", "One comment every 17 seconds under an article,"),
        ("SLOW_SECONDS", 1, "length", "One comment every second under an article,"),
        ("POSTS_PER_10_MINUTES", 23, "length", "Over all articles, 23 comments in 10 minutes."),
        ("TIME_ZONE", "Pacific/Auckland", "waiting-time", "(Pacific/Auckland)"),
    ],
)
def test_an_answer_follows_the_servers_settings(answer, settings, other_site, waits, setting, value, question, words):  # noqa: PLR0917
    waits(other_site, 12, [3] * 5)
    assert words not in answer(question)

    setattr(settings, setting, value)
    assert words in answer(question)


def test_the_ways_of_signing_in_follow_the_server_and_the_site(answer, settings, other_site):
    asked = answer("who-may-comment")
    assert "You may also sign in with" not in asked
    assert "by it" not in asked
    assert "It needs an e-mail address" in asked

    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [{}]}, "openid_connect": {"APPS": [{"name": "Press Pass"}]}}
    assert "You may also sign in with Google and Press Pass." in answer("who-may-comment")
    key = SsoKey.objects.create(site=other_site, kid="1", algorithm="HS256", material="x")
    assert "you may be signed in here by it" in answer("who-may-comment")
    retire_sso_key(key=key)
    assert "you may be signed in here by it" not in answer("who-may-comment")
    other_site.requires_verified_email = False
    other_site.save()
    assert "Whoever signs up here gives an e-mail address" in answer("who-may-comment")


@pytest.mark.parametrize("question", ["who-may-comment", "stored"])
def test_passkeys_are_named_where_they_are(answer, question):
    assert "passkey" in answer(question, offers=EVERYTHING)
    assert "passkey" not in answer(question, offers=NOTHING)


def test_names_and_repetition_follow_the_code(answer, monkeypatch):
    monkeypatch.setattr("belowline.moderation.faq.facts.MIN_CHARACTERS", 3)
    monkeypatch.setattr("belowline.moderation.faq.facts.MAX_CHARACTERS", 43)
    monkeypatch.setattr("belowline.moderation.faq.facts.RECENT_DAYS", 61)

    assert "of 3 to 43 characters" in answer("names")
    assert "of the last 61 days" in answer("repeating")


# --- what the server offers, and what it is asked of


@pytest.mark.parametrize(
    ("offer", "question", "without", "with_it"),
    [
        ("appeals", "appeal", "There is no form for it here yet.", "you can contest it, once and free of charge"),
        ("appeals", "why-held", "you also get an e-mail.", "Where a decision can be contested, both say until when."),
        ("appeals", "e-mails", "removed a comment of yours", "The result of your appeal"),
        ("notices", "e-mails", "removed a comment of yours", "a receipt, and the decision with its reason."),
        ("notices", "report", "There is no button for it here yet.", "For what is against the law"),
        ("explanations", "stored", "A cookie", "how a comment belongs under its article"),
        ("appeals", "stored", "A cookie", "What you write in an appeal."),
        ("explanations", "on-topic", "never a mark against you.", "You can add in a few words how it belongs here"),
        ("notices", "illegal-content", "There is no form for it here yet.", "You get a receipt"),
        ("notices", "stored", "A cookie", "Notices of illegal content"),
        ("audits", "software", "Only people reject.", "drawn at random, without seeing"),
        ("nudge", "try-again", "write a new comment", "Before you post, you are told once"),
        ("resubmission", "try-again", "write a new comment", "sent again, once"),
        ("editing", "edit-delete-export", "Comments cannot be edited here.", "checked like a new comment"),
        ("recommending", "reply-follow-mute", "Recommending does not exist here.", "never for your own comment"),
        ("muting", "reply-follow-mute", "Muting does not exist here.", "no longer sees their comments"),
        (
            "feeds",
            "search-engines",
            "nothing here tells search engines to stay away",
            "a feed that anybody can subscribe to",
        ),
        ("embeds", "search-engines", "Discussions are public pages", "Other sites may show a single comment."),
        ("reports", "report", "There is no button for it here yet.", "A moderator looks at it, decides"),
        ("mail_settings", "e-mails", "removed a comment of yours", "when somebody replies to you"),
        ("mail_settings", "e-mails", "cannot be switched off yet", "once an hour or once a day at most, or never"),
        ("mail_settings", "stored", "A cookie", "in which browsers you are signed in"),
        ("exporting", "edit-delete-export", "no button for it yet", "everything that is kept about you"),
        ("closing", "edit-delete-export", "Not by yourself yet", "stay under “Deleted account”"),
        ("closing", "stored", "A cookie", "the texts are erased, too"),
    ],
)
def test_nothing_is_promised_that_is_not_there(answer, offer, question, without, with_it):
    assert without in answer(question)
    assert with_it not in answer(question)
    assert with_it in answer(question, offers=NOTHING._replace(**{offer: True}))


def test_how_often_authors_are_told(answer, monkeypatch):
    monkeypatch.setattr("belowline.moderation.faq.answers_outcomes.MAX_AN_HOUR_IN_A_STORY", 23)
    monkeypatch.setattr("belowline.moderation.faq.answers_outcomes.MAX_AN_HOUR", 47)

    assert "after 23 times in an hour under one article, or 47 in all" in answer("try-again", offers=EVERYTHING)


def test_a_removal_can_be_contested_where_there_is_a_form(answer):
    offers = NOTHING._replace(resubmission=True)
    assert "no second version. You can write a new comment." in answer("try-again", offers=offers)
    assert "You can contest the removal, or" in answer("try-again", offers=offers._replace(appeals=True))


def test_nobody_audits_where_the_share_is_nought(answer, set_policy):
    set_policy({"audit_share = 0.02": "audit_share = 0.0"})

    assert "drawn at random" not in answer("software", offers=EVERYTHING)


@pytest.mark.parametrize("question", ["appeal", "report", "illegal-content", "about-moderation", "stored", "contact"])
def test_the_address_of_the_newsroom(answer, other_site, question):
    assert "The Courier has named no address" in answer(question)

    Site.objects.filter(pk=other_site.pk).update(contact_email="desk@courier.example")
    other_site.refresh_from_db()
    assert "Write to desk@courier.example" in answer(question)


def test_who_decides_about_appeals(answer, account):
    account("Only One", "moderator")
    assert "Nobody else may decide today" in answer("appeal", offers=EVERYTHING)

    account("Second", "admin")
    account("A Reader")
    assert "It is not the person who decided first." in answer("appeal", offers=EVERYTHING)
    assert "2 people may decide today." in answer("who-decides")


@pytest.mark.parametrize(
    ("code", "question", "without"),
    [
        ("off_topic", "on-topic", "No rule here is about the subject"),
        ("repetition", "repeating", "No rule here is about repetition."),
        ("links", "length", "No rule counts them."),
        ("language", "length", "No rule is about other languages."),
    ],
)
def test_a_rule_on_trial_is_promised_to_nobody(answer, markup, set_policy, code, question, without):  # noqa: PLR0917
    rule = load_policy().rules[code]
    assert without not in answer(question)
    set_policy({f'score = "{rule.score}"': f'score = "{rule.score}"\nbackground = true'})

    assert without in answer(question)
    for key in BY_KEY:
        assert f"rule-{code}" not in markup(key)
        assert rule.for_readers[:40] not in answer(key)
    assert f'<th scope="row">{rule.title}' not in markup("software")


def test_talk_about_moderation(answer, set_policy):
    """A message to the newsroom; where nobody asked for those, off topic; else nobody's business."""
    on_trial = {'unchecked = "ignore"\ndesk = "newsroom"': 'unchecked = "ignore"\nbackground = true'}
    assert "our newsroom reads it. Where it helps the discussion, it may appear" in answer("about-moderation")

    set_policy({'desk = "newsroom"': 'desk = "newsroom"\nbackground = true'})
    assert "It appears all the same, and our newsroom reads it. The Courier" in answer("about-moderation")

    set_policy(on_trial)
    assert "it may be held as off topic: Off topic" in answer("about-moderation")

    set_policy(on_trial | {'score = "off_topic"': 'score = "off_topic"\nbackground = true'})
    assert "No rule forbids it." in answer("about-moderation")


def test_what_only_a_desk_reads_holds_nothing(answer):
    assert "our corrections desk reads them. It appears all the same, and our corrections desk reads it." in answer(
        "rules"
    )
    assert "A mistake in the article from 70 % when fairly sure after it has appeared never" in answer("software")
    assert "A mistake" not in answer("before-or-after")


def test_no_rule_is_left_out(answer):
    shown, told = answer("rules"), answer("software")
    rules = [rule for rule in load_policy().rules.values() if not rule.is_on_trial]
    assert len(rules) == len(load_policy().rules) - 1  # “first”, “who cares”: counted only
    for rule in rules:
        assert f"{rule.title} {' '.join(rule.for_readers.split())}" in shown
        assert rule.title in told


def test_discussions_and_the_topic_check(answer, other_site, make_story):
    assert "0 discussions are open today, 0 are closed." in answer("closed-articles")
    for key in "abc":
        make_story(other_site, key)
    make_story(other_site, "d", is_open=False)
    other_site.stories.filter(key="a").update(judges_topic=False)

    assert "3 discussions are open today, 1 is closed." in answer("closed-articles")
    assert "In 1 open discussion an editor has switched this check off." in answer("on-topic")


def test_most_appear_at_once_only_where_most_do(answer, other_site, waits):
    waits(other_site, 12, [3] * 5)

    assert "it settled 0 % of all comments" in answer("software")
    assert "Most" not in answer("waiting-time") + answer("before-or-after")


def test_waiting_comments_and_what_was_settled(answer, other_site, post, make_story):
    story = make_story(other_site)
    activate_policy(site=other_site, text=SMALL)
    for text in ("A wombat.", "The bridge is shut.", "The tolls rise.", "The cables are new."):
        post(text, story=story)

    assert "1 comment is waiting now." in answer("waiting-time")
    assert "Most comments appear at once." in answer("waiting-time")
    assert "Most appear at once" in answer("before-or-after")
    assert "it settled 75 % of all comments" in answer("software")
    assert Decision.objects.filter(outcome="hold").count() == 1


SMALL = """
[policy]
name = "Small"
sentence = "Be kind."
[settings]
banned_words = ["wombat"]
[rules.banned]
title = "Words"
score = "banned_word"
hold = 0.5
for_readers = "No such words."
for_moderators = "None."
explanation = "“{excerpt}”"
"""


# --- no number but facts


def numbers(text):
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


def flat(value):
    """Every number that stands somewhere in a builder's context."""
    if isinstance(value, dict):
        return set().union(*(flat(one) for one in value.values()), set())
    if isinstance(value, list | tuple | set):
        return set().union(*(flat(one) for one in value), set())
    return numbers(f"{value.day} {value.year}" if isinstance(value, datetime) else str(value))


@pytest.mark.parametrize("offers", [EVERYTHING, NOTHING], ids=["everything", "nothing"])
def test_every_number_is_a_fact(other_site, waits, set_policy, plain, offers):
    set_policy({"hold = 0.75": "hold = 0.717\nreject = 0.931", "max_links = 2": "max_links = 13"})
    waits(other_site, 12, [7, 8, 9, 10, 11])
    cache.clear()
    facts = gather(other_site)._replace(offers=offers)
    for part in write_faq(facts):
        for one in part.answers:
            builder = BUILDERS.get(one.key, lambda _: {})
            shown = numbers(plain(one.facts))
            assert shown <= flat(builder(facts)), one.key


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (660, "Yes, for 11 minutes after posting"),
        (45, "Yes, for 1 minute after posting"),
        (0, "Comments cannot be edited here."),
    ],
)
def test_the_time_for_editing_is_the_servers(answer, settings, other_site, seconds, words):
    assert "Yes, for 5 minutes after posting" in answer("edit-delete-export", offers=EVERYTHING)

    settings.EDIT_WINDOW_SECONDS = seconds
    assert words in answer("edit-delete-export", offers=EVERYTHING)


def test_measures_are_as_long_as_they_can_be_given(answer, monkeypatch):
    from belowline.moderation import sanctions

    monkeypatch.setitem(sanctions.MOST_HOURS, sanctions.Kind.SUSPEND, 24 * 47)
    monkeypatch.setitem(sanctions.MOST_HOURS, sanctions.Kind.PREMODERATE, 24 * 359)

    assert "you cannot post, for 47 days at most" in answer("sanctions")
    assert "before others can, for 359 days at most" in answer("sanctions")
    assert "being off topic never counts towards one" in answer("sanctions")
