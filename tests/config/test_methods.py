"""Methods that nobody needs are answered by nobody."""

import pytest


@pytest.mark.parametrize("path", ["/faq/", "/accounts/login/", "/api/v1/stories/bridge", "/counts.json", "/desk/"])
def test_trace_is_answered_by_nobody(client, site, path):
    """What was sent, cookies among it, never comes back."""
    answer = client.generic("TRACE", path, headers={"X-Secret": "xylophone"})

    assert answer.status_code in {302, 401, 403, 404, 405}
    assert "xylophone" not in answer.content.decode() + str(dict(answer.headers))
