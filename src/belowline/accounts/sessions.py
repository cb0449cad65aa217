"""Where somebody is signed in: the browser's name and the time, and nothing that says where they are."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save

from belowline.accounts.models import User

NOWHERE = "0.0.0.0"  # noqa: S104 - written where allauth wants an address
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Opera": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Samsung Internet": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""What a User-Agent holds -> whose it is; many call themselves Chrome and Safari too, so those come last."""
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "macOS": "macOS",
    "CrOS": "ChromeOS",
    "ChromeOS": "ChromeOS",
    "Linux": "Linux",
}


def device_name(user_agent: str) -> str:
    """Return a browser's name and system, such as `Firefox, Linux`; empty where neither is known."""
    found = [next((name for sign, name in known.items() if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))


def sessions_of(user: User) -> list[UserSession]:
    """Return where somebody is signed in, the newest first; what has ended is forgotten."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.created_at, reverse=True)


def watch_sessions() -> None:
    """Keep no address and no more than a browser's name of any session: allauth would keep both."""
    pre_save.connect(_keep_little, sender=UserSession, dispatch_uid="accounts.sessions")


def _keep_little(sender: type[UserSession], instance: UserSession, **_: Any) -> None:
    instance.ip, instance.user_agent = NOWHERE, device_name(instance.user_agent)
