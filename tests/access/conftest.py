"""A newsroom in which there is one of everything, and one of everybody."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.batches import Batch
from belowline.moderation.filter_models import SavedFilter
from belowline.moderation.handover import Handover
from belowline.moderation.models import Audit, PolicyVersion, Report
from belowline.moderation.report_models import ReporterMute
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.second_opinions import SecondOpinion
from belowline.moderation.team_models import MessageTemplate, TeamNote
from belowline.notifications.models import Notification

STAFF = ("auditor", "moderator", "senior", "editor", "admin")


class Scene(NamedTuple):
    """Who asks, and what for."""

    people: dict[str, Any]
    """Role -> account; None: nobody has signed in."""
    ids: dict[str, Any]
    """Argument of an address -> what stands there; `NAME.ARGUMENT` for one address alone."""


@pytest.fixture
def people(site, other_site, local, account, reader):
    """One of each role, for all sites; a moderator of one site, and one of the other; the author of all comments."""
    everybody = {"nobody": None, "reader": account("Somebody Else"), "author": reader}
    everybody |= {role: account(f"The {role}", role) for role in STAFF}
    return everybody | {
        "moderator here": local(site, name="Here Desk"),
        "moderator elsewhere": local(other_site, name="Elsewhere Desk"),
    }


@pytest.fixture
def scene(people, site, held, rejected, written, sanction, give_notice, channel, webhook, post):  # noqa: PLR0917
    """The rejected comment was held before; `waits` is held now, and `shown` published."""
    shown, waits = written("A quiet remark."), post("Another wombat of a bridge.").comment
    desk, chief, author = people["moderator"], people["senior"], people["author"]
    other = written("Somebody else's.", author=people["reader"], parent=shown)
    decision = rejected.decisions.latest("pk")
    settled = post("A remark of the machine's about the harbour bridge.").comment.decisions.get()
    report = Report.objects.create(comment=shown, reporter=people["reader"], category="spam")
    now = timezone.now()
    ids = {
        "story_id": shown.story_id,
        "comment_id": shown.pk,
        **dict.fromkeys(("decide", "decide-here", "hand-on", "desk-comment"), None),
        "decide.comment_id": waits.pk,
        "decide-here.comment_id": waits.pk,
        "hand-on.comment_id": waits.pk,
        "explain-relation.comment_id": waits.pk,
        "submit-appeal.comment_id": rejected.pk,
        "answer-message.desk": "newsroom",
        "mark-handled.desk": "corrections",
        "author_id": other.author_id,
        "user_id": author.pk,
        "decision_id": decision.pk,
        "appeal_id": submit_appeal(comment=rejected, author=author, text_source="An animal.").pk,
        "notice_id": (notice := give_notice(shown)).pk,
        "receipt": notice.receipt,
        "report_id": report.pk,
        "mute_id": ReporterMute.objects.create(
            reporter=people["reader"], reason="x", muted_by=chief, ends_at=now + timedelta(days=1)
        ).pk,
        "audit_id": Audit.objects.create(decision=settled).pk,
        "opinion_id": SecondOpinion.objects.create(decision=decision).pk,
        "batch_id": Batch.objects.create(moderator=desk, act="reject", asked=0).pk,
        "channel_id": channel(site=site).pk,
        "filter_id": SavedFilter.objects.create(owner=desk, name="x").pk,
        "note_id": Handover.objects.create(author=desk, text_source="x", site=site).pk,
        "delete-team-note.note_id": TeamNote.objects.create(about=author, written_by=desk, text_source="x").pk,
        "template_id": MessageTemplate.objects.create(
            site=site, language="en", title="x", text_source="x", changed_by=chief
        ).pk,
        "sanction_id": sanction("warn", user=author, by=desk).pk,
        "version_id": PolicyVersion.objects.latest("pk").pk,
        "notification_id": Notification.objects.create(user=author, kind="reply", comment=other).pk,
        "webhook_id": webhook().pk,
        "escalation_id": 1,
        "result_id": "00000000-0000-4000-8000-000000000000",
        "site_key": site.key,
        "question": "rules",
        "model": "abuse",
        "name": "comments",
        "token": "token",
        "key": "bridge",
        "pk": 1,
        "provider_id": "oidc",
        "desk": "newsroom",
    }
    sanction("premoderate", user=author, by=desk)
    assert Sanction.objects.count() == 2
    return Scene(people, {name: value for name, value in ids.items() if value is not None})


@pytest.fixture
def browser():
    """A browser in which somebody has signed in, or nobody; a page that fails answers 500."""

    def call(user):
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return client

    return call
