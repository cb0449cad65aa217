"""Blind review: what is decided and chance drew, one at a time, without who decided, or what.

Most are decisions of the machine (audits), some those of a colleague (second opinions); which of both one sees is not
said.
"""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, within
from belowline.comments.ids import parse_id
from belowline.desk.card import choices
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.claim_audit import claim_audit
from belowline.moderation.actions.claim_second_opinion import claim_second_opinion
from belowline.moderation.actions.give_second_opinion import give_second_opinion
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.audits import audits_for, disagreements, waiting_audits
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Audit, Decision
from belowline.moderation.second_opinions import SecondOpinion, opinions_for, waiting_opinions

OFFERED = 10
STORY = "decision__comment__story"


@require_safe
@never_cache
@allowed(Action.AUDIT)
def show_audit(request: HttpRequest) -> HttpResponse:
    """Show the question that waits longest and that nobody else looks at."""
    moderator = staff_of(request)
    asked = claim_question(moderator)
    comment = asked.decision.comment if asked else None
    offers = list(disagreements(moderator)[:OFFERED])
    answered = parse_id(request.GET.get("answered", ""))
    context = {
        "asked": asked,
        "address": address_of(asked) if asked else "",
        "comment": comment,
        "waiting": _mine(moderator, waiting_audits()).count() + _mine(moderator, waiting_opinions()).count(),
        # In the order of the policy: what the machine met must not show.
        "choices": choices(site_policy(comment.story.site), None) if comment else [],
        "offer": next((offer for offer in offers if offer.pk == answered), None),
        "earlier": [offer for offer in offers if offer.pk != answered],
    }
    return render(request, "desk/audit.html", context)


def _mine(moderator: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the questions that a moderator may be asked."""
    return within(moderator, Action.AUDIT, rows, site=f"{STORY}__site", section=f"{STORY}__section")


def claim_question(moderator: User) -> Audit | SecondOpinion | None:
    """Claim the question that was drawn first; None: nothing waits for this moderator."""
    audit, opinion = audits_for(moderator).first(), opinions_for(moderator, timezone.now()).first()
    if opinion is not None and (audit is None or opinion.created_at < audit.created_at):
        return claim_second_opinion(moderator=moderator) or claim_audit(moderator=moderator)
    return claim_audit(moderator=moderator) or claim_second_opinion(moderator=moderator)


def address_of(asked: Audit | SecondOpinion) -> str:
    """Return where the answer to a question goes."""
    return reverse("answer-audit" if isinstance(asked, Audit) else "give-opinion", args=[asked.pk])


@require_POST
@allowed(Action.AUDIT)
@saved_or_said
def give_opinion(request: HttpRequest, opinion_id: int) -> HttpResponse:
    """Store what the moderator would have decided where a colleague did, and lead to the next question."""
    opinion = get_object_or_404(SecondOpinion, pk=opinion_id)
    outcome, rule = request.POST.get("outcome", ""), request.POST.get("rule", "")
    try:
        give_second_opinion(opinion=opinion, giver=staff_of(request), outcome=outcome, rule=rule)
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, "Your answer is stored.", extra_tags="good")
    return redirect("audit")


@require_POST
@allowed(Action.AUDIT)
@saved_or_said
def answer(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Store an answer and lead to the next audit; the comment stays as it is."""
    audit = get_object_or_404(Audit, pk=audit_id)
    try:
        review_audit(
            audit=audit,
            reviewer=staff_of(request),
            outcome=request.POST.get("outcome", ""),
            rule=request.POST.get("rule", ""),
        )
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, "Your answer is stored.", extra_tags="good")
    return redirect(f"{reverse('audit')}?answered={audit_id}")


@require_POST
@allowed(Action.AUDIT)
@saved_or_said
def follow_up(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Do with the comment what the stored answer says: remove it, or publish it."""
    moderator = staff_of(request)
    audit = get_object_or_404(Audit, pk=audit_id, reviewer=moderator, reviewed_at__isnull=False)
    comment = audit.decision.comment
    try:
        if audit.outcome == Decision.Outcome.PUBLISH:
            publish_comment(comment=comment, moderator=moderator)
            done = "Published: the comment by"
        else:
            remove_comment(comment=comment, moderator=moderator, rule=audit.rule)
            done = "Removed: the comment by"
        messages.success(request, f"{done} {comment.author.display_name}.", extra_tags="good")
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    return redirect(reverse("audit"))
