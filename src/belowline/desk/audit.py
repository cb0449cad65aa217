"""Blind review: what the machine settled and chance drew, one at a time, without what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.permissions import Action, within
from belowline.comments.ids import parse_id
from belowline.desk.card import choices
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.claim_audit import claim_audit
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.audits import disagreements, waiting_audits
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Audit, Decision

OFFERED = 10
STORY = "decision__comment__story"


@require_safe
@never_cache
@allowed(Action.AUDIT)
def show_audit(request: HttpRequest) -> HttpResponse:
    """Show the audit that waits longest and that nobody else looks at."""
    moderator = staff_of(request)
    audit = claim_audit(moderator=moderator)
    comment = audit.decision.comment if audit else None
    offers = list(disagreements(moderator)[:OFFERED])
    answered = parse_id(request.GET.get("answered", ""))
    context = {
        "audit": audit,
        "comment": comment,
        "waiting": within(
            moderator, Action.AUDIT, waiting_audits(), site=f"{STORY}__site", section=f"{STORY}__section"
        ).count(),
        # In the order of the policy: what the machine met must not show.
        "choices": choices(site_policy(comment.story.site), None) if comment else [],
        "offer": next((offer for offer in offers if offer.pk == answered), None),
        "earlier": [offer for offer in offers if offer.pk != answered],
    }
    return render(request, "desk/audit.html", context)


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
