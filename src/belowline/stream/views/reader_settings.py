"""What readers choose for themselves: their name, the language, and how often they want mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.actions.rename_account import rename_account
from belowline.accounts.actions.set_language import set_language
from belowline.accounts.models import User
from belowline.accounts.names import MAX_CHARACTERS
from belowline.notifications.actions.set_frequencies import set_frequencies
from belowline.notifications.models import Frequency, Kind
from belowline.notifications.queries import frequencies_of
from belowline.stream.links import our_address


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def reader_settings(request: HttpRequest) -> HttpResponse:
    """Show the settings, or keep the part that was sent; an error comes back with what was written."""
    if request.method != "POST":
        return _page(request)
    part = request.POST.get("part", "")
    if part not in PARTS:
        return _page(request, status=422, problems={"part": _("The form was incomplete. Please send it again.")})
    try:
        PARTS[part](request)
    except ValidationError as error:
        return _page(request, status=422, problems={part: " ".join(error.messages)})
    messages.success(request, _("Saved."), extra_tags="good")
    return redirect(f"{our_address(request, 'reader-settings')}#{part}")


def _keep_name(request: HttpRequest) -> None:
    try:
        rename_account(user=_fresh(request), name=request.POST.get("display_name", "").replace("\x00", ""))
    except IntegrityError as error:
        raise ValidationError(_("Somebody has this name, or one that looks like it. Please choose another.")) from error


def _keep_language(request: HttpRequest) -> None:
    set_language(user=_fresh(request), language=request.POST.get("language", ""))


def _keep_mail(request: HttpRequest) -> None:
    sent = {kind: request.POST.get(kind.value, "") for kind in Kind}
    if not set(sent.values()) <= set(Frequency.values):
        raise ValidationError(_("Please choose for every line how often we shall write."))
    set_frequencies(
        user=_fresh(request),
        wanted={kind: Frequency(frequency) for kind, frequency in sent.items()},
    )


def _fresh(request: HttpRequest) -> User:
    """Return the account anew: what is refused must not stand on the page that says so."""
    user: Any = request.user
    return User.objects.get(pk=user.pk)


PARTS = {"name": _keep_name, "language": _keep_language, "mail": _keep_mail}


def _page(request: HttpRequest, *, status: int = 200, problems: dict[str, str] | None = None) -> HttpResponse:
    user: Any = request.user
    chosen = frequencies_of(user.pk)
    context = {
        "problems": problems or {},
        "display_name": request.POST.get("display_name", user.display_name) if problems else user.display_name,
        "max_characters": MAX_CHARACTERS,
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        "kinds": [(kind.value, kind.label, chosen[kind.value]) for kind in Kind],
        "frequencies": Frequency.choices,
    }
    return render(request, "stream/reader_settings.html", context, status=status)
