"""A template that is gone leaves what was written with it."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.delete_template import delete_template
from belowline.moderation.actions.save_template import save_template
from belowline.moderation.team_models import MessageTemplate


@pytest.fixture
def template(admin, site):
    return save_template(by=admin, title="Calm", text_source="Calm down.", language="en", site=site)


def test_deleted(template, admin, site):
    number = template.pk
    delete_template(template=template, by=admin)

    assert not MessageTemplate.objects.exists()
    [event] = Event.objects.filter(tag="template:deleted")
    assert (event.subject_id, event.site_id, event.actor_id) == (number, site.pk, admin.pk)


def test_not_by_readers(template, reader):
    with pytest.raises(PermissionDenied):
        delete_template(template=template, by=reader)
    assert MessageTemplate.objects.get() == template
