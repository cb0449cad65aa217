"""A reader arrives with a publisher's token: which account is theirs."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from belowline.accounts.free_name import free_display_name
from belowline.accounts.models import NO_ADDRESS, Grant, Identity, SsoKey, UsedToken, User
from belowline.accounts.permissions import RANKS, rank_of
from belowline.accounts.sso.claims import Claims
from belowline.accounts.sso.errors import SsoError
from belowline.accounts.sso.tokens import LEEWAY_SECONDS, read_token
from belowline.events import tags
from belowline.events.models import record_event

ATTEMPTS = 3
"""Two readers may take one name, or one reader arrive twice, at the same moment: the loser looks again."""


class Arrival(NamedTuple):
    """Who arrived, and by which key."""

    user: User
    key: SsoKey


def accept_token(*, token: str, present: User | None = None) -> Arrival:
    """Use a token up, and return the account that it is about; a reader who is new gets one.

    A token that was used before is only good for `present`, who is signed in already, so that nothing comes of it.

    Raises:
        SsoError: with one of its codes.
    """
    key, claims = read_token(token)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _arrive(token, key, claims, present)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _arrive(token: str, key: SsoKey, claims: Claims, present: User | None) -> Arrival:
    identity = Identity.objects.select_related("user").filter(site=key.site, subject=claims.subject).first()
    if not _use_up(token, key, claims):
        if identity is None or present is None or identity.user_id != present.pk:
            raise SsoError("this token was used before: make a new one for every page", code="sso_replayed")
        return Arrival(identity.user, key)
    user = identity.user if identity else None
    if user is None or user.closed_at:
        user = _link(key, claims, identity)
    _check_account(user, key)
    if claims.role:
        _grant(user, claims.role, key)
    return Arrival(user, key)


def _grant(user: User, role: User.Role, key: SsoKey) -> None:
    """Give the account the role that the token names, which the key may grant, on the key's site and on no other."""
    there = Grant.objects.filter(user=user, site=key.site_id, section="")
    earlier = there.values_list("role", flat=True).first() or User.Role.READER
    if role == earlier:
        return
    if role == User.Role.READER:
        there.delete()
    else:
        Grant.objects.update_or_create(user=user, site=key.site, section="", defaults={"role": role})
    user.has_local_role = Grant.objects.filter(user=user).exists()
    user.save(update_fields=["has_local_role"])
    record_event(
        tags.ACCOUNT_ROLE_GRANTED,
        subject_id=user.pk,
        site_id=key.site_id,
        key=key.pk,
        role=role,
        earlier=earlier,
        section="",
    )


def _use_up(token: str, key: SsoKey, claims: Claims) -> bool:
    """Say whether the token is new, and remember it until it expires."""
    UsedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    expires_at = datetime.fromtimestamp(claims.expires_at, UTC) + timedelta(seconds=2 * LEEWAY_SECONDS)
    # Coral's tokens may lack a jti: then the token as it stands is what is not accepted twice.
    digest = hashlib.sha256((claims.jti or token).encode(errors="surrogatepass")).hexdigest()
    _, is_new = UsedToken.objects.get_or_create(site=key.site, digest=digest, defaults={"expires_at": expires_at})
    return is_new


def _link(key: SsoKey, claims: Claims, identity: Identity | None) -> User:
    """Tie the publisher's id to an account: the one with this address, if the key is trusted so far, or a new one."""
    known = _account_by_address(claims)
    user = known or _create(claims)
    if identity is None:
        identity = Identity(site=key.site, subject=claims.subject)
    identity.user = user
    identity.save()
    record_event(
        tags.IDENTITY_LINKED,
        subject_id=identity.pk,
        site_id=key.site_id,
        actor_id=user.pk,
        key=key.pk,
        created=known is None,
    )
    return user


def _account_by_address(claims: Claims) -> User | None:
    """Return the reader who confirmed this address here; never a member of staff."""
    if not claims.is_email_verified:
        return None
    found = EmailAddress.objects.select_related("user").filter(email=claims.email, verified=True).first()
    if found is None or found.user.has_role or not found.user.is_active:
        return None
    return found.user  # type: ignore[no-any-return] # allauth has no types


def _create(claims: Claims) -> User:
    is_taken = User.objects.filter(email=claims.email).exists()
    is_taken |= EmailAddress.objects.filter(email=claims.email, verified=True).exists()
    has_address = bool(claims.email) and not is_taken
    user = User.objects.create_user(
        email=claims.email if has_address else f"{uuid.uuid4().hex}@{NO_ADDRESS}",
        display_name=free_display_name(claims.name),
        language=claims.language,
    )
    if has_address:
        EmailAddress.objects.create(user=user, email=user.email, verified=claims.is_email_verified, primary=True)
    return user


def _check_account(user: User, key: SsoKey) -> None:
    if not user.is_active:
        raise SsoError("this account is closed", code="account_not_active")
    if rank_of(user) > RANKS[User.Role(key.highest_role)]:
        raise SsoError("staff sign in here themselves, and not by a publisher's token", code="sso_staff")
