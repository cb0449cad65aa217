"""Whose token this is: which key signed it, and what it says.

A key is bound to one algorithm, whatever the token's header says: a token that claims another one is none of this key.
"""

import time
from typing import Any

import jwt
import jwt.exceptions
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings

from belowline.accounts.models import SsoKey
from belowline.accounts.sso.claims import Claims, read_claims
from belowline.accounts.sso.errors import SsoError

MAX_TOKEN_CHARACTERS = 8_192
LEEWAY_SECONDS = 30
"""How far the clocks of a publisher and of this server may differ."""
MAX_KEYS_TRIED = 20
MIN_SECRET_BYTES = 32
REQUIRED = {
    SsoKey.Kind.BELOWLINE: ["iss", "aud", "exp", "iat", "jti", "sub"],
    SsoKey.Kind.CORAL: ["exp", "user"],
}
CODES: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "sso_expired"),
    (jwt.ImmatureSignatureError, "sso_not_yet"),
    (jwt.InvalidAudienceError, "sso_audience"),
    (jwt.InvalidIssuerError, "sso_issuer"),
    (jwt.MissingRequiredClaimError, "sso_claim"),
    (jwt.exceptions.InvalidSubjectError, "sso_claim"),
    (jwt.exceptions.InvalidJTIError, "sso_claim"),
    (jwt.InvalidIssuedAtError, "sso_claim"),
    (jwt.InvalidSignatureError, "sso_signature"),
    (jwt.InvalidAlgorithmError, "sso_signature"),
    # The form is read before: what is left is a time that is no number.
    (jwt.DecodeError, "sso_claim"),
)


def read_token(token: str) -> tuple[SsoKey, Claims]:
    """Return the key that signed the token, and what it says.

    Raises:
        SsoError: it is not signed by a key in use, is too old or too young, or lacks a claim.
    """
    if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii():
        raise SsoError(f"a token has {MAX_TOKEN_CHARACTERS:,} ASCII characters at most", code="sso_malformed")
    keys = _candidates(token)
    if not keys:
        raise SsoError("no key in use fits this token: look at its kid, alg and iss", code="sso_unknown_key")
    refused = SsoError("no key in use has signed this token", code="sso_signature")
    for key in keys:
        try:
            return key, read_claims(_payload(token, key), key, time.time())
        except SsoError as error:
            if error.code != "sso_signature":
                refused = error
    raise refused


def read_key(algorithm: str, material: str) -> Any:
    """Return the key as the cryptography of its algorithm takes it, and of no other.

    Raises:
        ValueError: it is no such key; the message says what is wanted.
    """
    if algorithm == SsoKey.Algorithm.HS256:
        if len(material.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"a secret has at least {MIN_SECRET_BYTES} bytes")
        if "-----BEGIN" in material:
            raise ValueError("this is a key of another kind: a secret is random text that nobody else knows")
        return material.encode()
    try:
        key = load_pem_public_key(material.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("this is no public key in PEM form") from error
    if algorithm == SsoKey.Algorithm.EDDSA and isinstance(key, Ed25519PublicKey):
        return key
    if algorithm == SsoKey.Algorithm.ES256 and isinstance(key, EllipticCurvePublicKey):
        if isinstance(key.curve, SECP256R1):
            return key
        raise ValueError("ES256 wants a key on the curve P-256")
    raise ValueError(f"this public key is not of the kind that {algorithm} uses")


def _candidates(token: str) -> list[SsoKey]:
    """Return the keys in use that may have signed the token: the one it names, or those of its issuer."""
    try:
        header = jwt.get_unverified_header(token)
        claimed = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise SsoError("this is no JSON Web Token", code="sso_malformed") from error
    algorithm, kid, issuer = header.get("alg"), header.get("kid"), claimed.get("iss")
    live = SsoKey.objects.select_related("site").filter(retired_at=None, algorithm=str(algorithm)[:20])
    if isinstance(kid, str):
        return list(live.filter(kid=kid)) if kid.isprintable() else []
    of_coral = [key for key in live.filter(kind=SsoKey.Kind.CORAL)[:MAX_KEYS_TRIED] if "user" in claimed]
    if not isinstance(issuer, str) or not issuer.isprintable():
        return of_coral
    return [*live.filter(kind=SsoKey.Kind.BELOWLINE, issuer=issuer)[:MAX_KEYS_TRIED], *of_coral]


def _payload(token: str, key: SsoKey) -> dict[str, Any]:
    is_ours = key.kind == SsoKey.Kind.BELOWLINE
    try:
        payload: dict[str, Any] = jwt.decode(
            token,
            read_key(key.algorithm, key.material),
            algorithms=[key.algorithm],
            leeway=LEEWAY_SECONDS,
            audience=settings.BASE_URL if is_ours else None,
            issuer=key.issuer if is_ours else None,
            options={"require": REQUIRED[SsoKey.Kind(key.kind)], "verify_aud": is_ours, "verify_iss": is_ours},
        )
    except jwt.PyJWTError as error:
        code = next((code for kind, code in CODES if isinstance(error, kind)), "sso_malformed")
        raise SsoError(f"the token is not accepted: {type(error).__name__}", code=code) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise SsoError("the token is not accepted: a claim is of the wrong type", code="sso_claim") from error
    return payload
