"""Keys of publishers come and go, and both are on record."""

import jwt
import pytest
from django.core.exceptions import ValidationError

from belowline.accounts.actions.add_sso_key import add_sso_key, new_pair, retire_sso_key
from belowline.accounts.models import SsoKey
from belowline.accounts.sso.tokens import read_key
from belowline.events.models import Event


@pytest.fixture
def draft(site):
    """A key that is not kept yet."""

    def make(**changes):
        fields = {"site": site, "algorithm": "EdDSA", "issuer": "https://gazette.example"} | changes
        return SsoKey(**({"material": new_pair(fields["algorithm"])[1]} | fields))

    return make


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "HS256"])
def test_what_one_side_signs_the_other_reads(algorithm):
    private, material = new_pair(algorithm)
    token = jwt.encode({"sub": "7"}, private, algorithm=algorithm)

    assert jwt.decode(token, read_key(algorithm, material), algorithms=[algorithm]) == {"sub": "7"}
    assert (private == material) is (algorithm == "HS256")
    assert new_pair(algorithm) != new_pair(algorithm)


def test_a_key_is_kept(draft, site):
    key = add_sso_key(key=draft(trusts_email=True, highest_role="moderator"))
    found = SsoKey.objects.get()
    event = Event.objects.get(tag="sso_key:added")

    assert (found, found.site, found.kind, found.lifetime_seconds) == (key, site, "belowline", 600)
    assert len(found.kid) == 16
    assert (event.subject_id, event.site_id) == (key.pk, site.pk)
    expected = {"kind": "belowline", "algorithm": "EdDSA", "trusts_email": True, "highest_role": "moderator"}
    assert event.data == expected


def test_a_key_keeps_the_name_that_it_has(draft):
    assert add_sso_key(key=draft(kid="summer-2026")).kid == "summer-2026"
    with pytest.raises(ValidationError, match="already exists"):
        add_sso_key(key=draft(kid="summer-2026"))


BAD = {
    "no issuer": ({"issuer": ""}, "iss"),
    "a token for an hour": ({"lifetime_seconds": 601}, "1 to 600 seconds"),
    "no life": ({"lifetime_seconds": 0}, "1 to 600 seconds"),
    "less than none": ({"lifetime_seconds": -5}, "1 to 600 seconds"),
    "coral for two days": ({"kind": "coral", "algorithm": "HS256", "lifetime_seconds": 172_800}, "1 to 86,400"),
    "coral with another algorithm": ({"kind": "coral"}, "HS256"),
    "another algorithm": ({"algorithm": "RS256", "material": "x" * 40}, "not of the kind|PEM"),
    "no material": ({"material": ""}, "PEM"),
    "short secret": ({"algorithm": "HS256", "material": "secret"}, "32 bytes"),
    "unknown role": ({"highest_role": "root"}, "not a valid choice"),
    "issuer too long": ({"issuer": "x" * 201}, "200 characters"),
}


@pytest.mark.parametrize(("changes", "message"), BAD.values(), ids=BAD)
def test_a_key_that_is_not_kept(draft, changes, message):
    with pytest.raises(ValidationError, match=message):
        add_sso_key(key=draft(**changes))

    assert not SsoKey.objects.exists()
    assert not Event.objects.filter(tag="sso_key:added").exists()


def test_a_key_is_retired_once(draft, site):
    key = add_sso_key(key=draft())
    retire_sso_key(key=key)
    first = SsoKey.objects.get().retired_at
    retire_sso_key(key=key)

    assert first is not None
    assert SsoKey.objects.get().retired_at == first
    assert [event.subject_id for event in Event.objects.filter(tag="sso_key:retired")] == [key.pk]
