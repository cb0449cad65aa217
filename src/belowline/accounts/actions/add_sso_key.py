"""A publisher's key for single sign-on comes, and goes."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import SsoKey
from belowline.accounts.sso.tokens import read_key
from belowline.events import tags
from belowline.events.models import record_event

MAX_LIFETIME_SECONDS = {SsoKey.Kind.BELOWLINE: 600, SsoKey.Kind.CORAL: 86_400}
SECRET_BYTES = 48


def new_pair(algorithm: str) -> tuple[str, str]:
    """Make key material: (what the publisher signs with, what is kept here). For HS256 both are the same secret."""
    if algorithm == SsoKey.Algorithm.HS256:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        return secret, secret
    private = Ed25519PrivateKey.generate() if algorithm == SsoKey.Algorithm.EDDSA else generate_private_key(SECP256R1())
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def add_sso_key(*, key: SsoKey) -> SsoKey:
    """Keep a key that is not yet saved; where it has no `kid`, it gets one.

    Raises:
        ValidationError: a value is missing, out of range, or does not fit the others.
    """
    key.kid = key.kid or secrets.token_hex(8)
    key.material = key.material.strip()
    _check(key)
    key.full_clean()
    with transaction.atomic():
        key.save()
        record_event(
            tags.SSO_KEY_ADDED,
            subject_id=key.pk,
            site_id=key.site_id,
            kind=key.kind,
            algorithm=key.algorithm,
            trusts_email=key.trusts_email,
            highest_role=key.highest_role,
        )
    return key


def retire_sso_key(*, key: SsoKey) -> None:
    """Accept no more tokens that were signed with this key; what is retired stays so."""
    with transaction.atomic():
        if SsoKey.objects.filter(pk=key.pk, retired_at=None).update(retired_at=timezone.now()):
            record_event(tags.SSO_KEY_RETIRED, subject_id=key.pk, site_id=key.site_id)


def _check(key: SsoKey) -> None:
    """Refuse what the fields alone cannot see."""
    is_coral = key.kind == SsoKey.Kind.CORAL
    if is_coral and key.algorithm != SsoKey.Algorithm.HS256:
        raise ValidationError({"algorithm": "Coral signs with HS256"})
    if not is_coral and not key.issuer:
        raise ValidationError({"issuer": "name the issuer (iss) that the tokens will have"})
    longest = MAX_LIFETIME_SECONDS[SsoKey.Kind(key.kind)]
    if not 0 < key.lifetime_seconds <= longest:
        raise ValidationError({"lifetime_seconds": f"a token lives 1 to {longest:,} seconds"})
    try:
        read_key(key.algorithm, key.material)
    except ValueError as error:
        raise ValidationError({"material": str(error)}) from error
