"""Why a publisher's token is not accepted.

BelowlineError
└── SsoError
"""

from belowline.engine.errors import BelowlineError


class SsoError(BelowlineError):
    """The token is not accepted; the code says why to whoever makes tokens.

    `sso_malformed`, `sso_unknown_key`, `sso_signature`, `sso_expired`, `sso_not_yet`, `sso_issuer`, `sso_audience`,
    `sso_claim`, `sso_lifetime`, `sso_replayed`, `sso_origin`, `sso_staff`, `account_not_active`.
    """

    code = "sso_error"
