"""Wrong settings for purging stop the server and the worker, and `belowline doctor` names them."""

import click
import pytest

from belowline.cli import doctor
from belowline.cli.purging import check_purging
from belowline.stories import purging


def test_nothing_to_check(settings, monkeypatch):
    monkeypatch.setattr(purging, "keep_purging", lambda _: pytest.fail("nobody asked for it"))
    check_purging()
    check_purging(start=True)

    assert doctor._caches() == ""


@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize(("name", "value"), [("PURGE_URL", "nowhere"), ("PURGE_HEADER", "a-secret-alone")])
def test_wrong_settings(settings, start, name, value):
    settings.PURGE_URL = "https://cdn.example/purge"
    setattr(settings, name, value)
    with pytest.raises(click.ClickException, match=f"BELOWLINE_{name}") as caught:
        check_purging(start=start)

    assert "a-secret-alone" not in caught.value.message
    assert f"BELOWLINE_{name}" in doctor._caches()


def test_purging_what_is_never_kept(settings):
    settings.PURGE_URL = "https://cdn.example/purge"
    assert "BELOWLINE_SHARED_CACHE_SECONDS is 0" in doctor._caches()
    settings.SHARED_CACHE_SECONDS = 60
    assert doctor._caches() == ""
