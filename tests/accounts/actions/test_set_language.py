"""The language of pages and mails: one of those that this server has, or as the site has it."""

import pytest
from django.core.exceptions import ValidationError

from belowline.accounts.actions.set_language import set_language
from belowline.accounts.models import User
from belowline.events.models import Event


def test_chosen_and_given_back(reader):
    assert [set_language(user=reader, language=one) for one in ("de", "de", "")] == [True, False, True]
    assert User.objects.get(pk=reader.pk).language == ""
    assert [event.data for event in Event.objects.order_by("pk")] == [{"language": "de"}, {"language": ""}]


@pytest.mark.parametrize("language", ["tlh", "de-XX-very-long-tag", "'; --"])
def test_what_this_server_does_not_have(reader, language):
    with pytest.raises(ValidationError):
        set_language(user=reader, language=language)

    assert User.objects.get(pk=reader.pk).language == ""
