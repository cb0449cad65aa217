"""Refusals have a code and a sentence for whoever makes tokens."""

import re

import pytest

from belowline.accounts.sso.errors import SsoError


@pytest.mark.parametrize("code", re.findall(r"`(\w+)`", SsoError.__doc__))
def test_every_code_is_documented(code, request):
    page = (request.config.rootpath / "docs/reference/errors.md").read_text("utf-8")

    assert f"| `{code}` |" in page


def test_an_error_says_what_is_wrong():
    error = SsoError("the claim jti is missing", code="sso_claim")

    assert (error.code, str(error.message)) == ("sso_claim", "the claim jti is missing")
    assert SsoError("no").code == "sso_error"
