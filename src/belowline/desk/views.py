"""What the desk's pages have in common: who comes in, and what is said where nothing could be saved."""

import logging
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from belowline.accounts.permissions import Action
from belowline.desk.doors import View, allowed

moderators_only = allowed(Action.SEE_DESK)
"""Let staff through: what they may do on the page, and where, the rows and the actions see to."""

logger = logging.getLogger(__name__)


def saved_or_said(view: View) -> View:
    """Say so where a decision could not be saved (the disk may be full): nothing is changed then."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            # Only the type: the message may quote values.
            logger.error("a decision could not be saved (%s)", type(error).__name__)  # noqa: TRY400
            return render(request, "desk/not_saved.html", status=503)

    return checked
