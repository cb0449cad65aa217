"""The page to which a digest's link leads: it shows the comment and asks once more; only its button decides.

A link in somebody's own mail stands for them; one in a channel that many read asks to sign in first, and so does every
link where the staff needs a second factor.
"""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may
from belowline.accounts.second_factor import needs_second_factor
from belowline.comments.models import Comment
from belowline.desk.views import saved_or_said
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.queries import with_history
from belowline.notifications.action_links import ActionLink, read_link
from belowline.notifications.actions.follow_link import follow_link
from belowline.notifications.errors import LinkError

STATUS = {"link_unknown": 404, "link_expired": 410, "link_used": 410, "link_of_another": 403, "not_waiting": 409}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@saved_or_said
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link leads to, and do it when it is confirmed."""
    try:
        link = read_link(token)
        by = _who(request, link)
        if by is None:
            return redirect_to_login(request.get_full_path())
        if request.method == "POST":
            decision = follow_link(token=token, by=by)
            return render(request, "desk/link.html", {"decision": decision, "comment": decision.comment})
    except (LinkError, DecidingError) as error:
        return render(request, "desk/link.html", {"problem": error.message}, status=STATUS.get(error.code, 422))
    return _ask(request, link, by)


def _who(request: HttpRequest, link: ActionLink) -> User | None:
    """Return who follows the link; None: they are to sign in first.

    Raises:
        LinkError: `link_of_another`: somebody else is signed in, or the account is closed.
    """
    signed_in = request.user if isinstance(request.user, User) else None
    if not link.user:
        return signed_in
    owner = User.objects.filter(pk=link.user, is_active=True).first()
    if owner is None or (signed_in and signed_in != owner):
        raise LinkError(
            "This link was made for somebody else: sign out, or decide at the desk.", code="link_of_another"
        )
    return signed_in or (None if needs_second_factor(owner) else owner)


def _ask(request: HttpRequest, link: ActionLink, by: User) -> HttpResponse:
    comment = with_history(Comment.objects.filter(pk=link.comment)).first()
    newest: Decision | None = comment.history[0] if comment else None  # type: ignore[attr-defined] # with_history sets it
    if comment is None or newest is None or newest.pk != link.seen or comment.status != Comment.Status.HELD:
        raised = "Somebody has decided about this comment meanwhile, or its author deleted it. Nothing is left to do."
        return render(request, "desk/link.html", {"problem": raised}, status=STATUS["not_waiting"])
    if not may(by, Action.DECIDE, site=comment.story.site, section=comment.story.section):
        raise PermissionDenied("they may not decide here any more")
    rule = next((reason["title"] for reason in newest.reasons if reason["rule"] == link.rule), link.rule)
    context: dict[str, Any] = {
        "comment": comment,
        "newest": newest,
        "by": by,
        "rejects": link.outcome == Decision.Outcome.REJECT,
        "rule": rule,
    }
    return render(request, "desk/link.html", context)
