"""Why a role is not given or withdrawn.

BelowlineError
└── RoleError   `unknown_role`, `unknown_section`, `account_not_active`, `nothing_to_withdraw`, `last_administrator`
"""

from belowline.engine.errors import BelowlineError


class RoleError(BelowlineError):
    """The role cannot be given or withdrawn; the message says why and what to do."""

    code = "role_error"
