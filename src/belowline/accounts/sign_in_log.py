"""Who comes and goes is logged: accounts by their number, failures without the address that was tried."""

import logging
from typing import Any

from allauth.account import signals as allauth_signals
from django.contrib.auth import signals
from django.http import HttpRequest

logger = logging.getLogger("belowline.sign_in")


def watch_sign_ins() -> None:
    """Log every sign-in, sign-out and refusal, and every change of how somebody signs in."""
    signals.user_logged_in.connect(_came, dispatch_uid="sign_in_log.came")
    signals.user_logged_out.connect(_went, dispatch_uid="sign_in_log.went")
    signals.user_login_failed.connect(_failed, dispatch_uid="sign_in_log.failed")
    for name in ("password_set", "password_changed", "password_reset", "email_changed"):
        getattr(allauth_signals, name).connect(_changed(name), weak=False, dispatch_uid=f"sign_in_log.{name}")


def _came(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    how = [str(entry.get("method")) for entry in request.session.get("account_authentication_methods", ())]
    logger.info("account %s signed in (%s)", user.pk, ", ".join(how) or "by a token")


def _went(sender: Any, user: Any, **_: Any) -> None:
    if user is not None:
        logger.info("account %s signed out", user.pk)


def _failed(sender: Any, **_: Any) -> None:
    logger.warning("a sign-in failed")


def _changed(name: str) -> Any:
    def log(sender: Any, user: Any, **_: Any) -> None:
        logger.info("account %s: %s", user.pk, name.replace("_", " "))

    return log
