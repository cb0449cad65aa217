"""Coral's signature: HMAC-SHA256 of the raw body, as `sha256=HEX`; several while a secret is being rolled."""

import hashlib
import hmac
from collections.abc import Sequence

HEADER = "X-Coral-Signature"
SCHEME = "sha256"


def sign(body: bytes, secret: str) -> str:
    """Return the signature of a body, as Coral writes it into its header."""
    return f"{SCHEME}={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Say whether any signature of the header was made with any of the secrets; all are compared, in constant time."""
    sent = [part.strip().lower().encode("utf-8", "replace") for part in header.split(",")]
    expected = [sign(body, secret).encode() for secret in secrets if secret]
    return any([hmac.compare_digest(one, ours) for one in sent for ours in expected])  # noqa: C419 - never stops early
