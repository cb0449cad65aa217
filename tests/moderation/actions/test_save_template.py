"""Message templates are kept once for a rule, a language and a site, and say nothing that stands for nothing."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.save_template import save_template
from belowline.moderation.errors import TemplateError
from belowline.moderation.team_models import MessageTemplate


@pytest.fixture
def save(admin):
    def call(**changes):
        fields = {"by": admin, "title": "Calm", "text_source": "Dear {name}, calm down.", "language": "en"}
        return save_template(**fields | changes)

    return call


def test_kept(save, admin, site):
    row = save(title="  Calm   down ", text_source=" Dear {name}. \n", rule="banned_word", site=site)

    assert (row.title, row.text_source, row.rule, row.site) == ("Calm down", "Dear {name}.", "banned_word", site)
    assert row.changed_by == admin
    [event] = Event.objects.filter(tag="template:saved")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, site.pk, admin.pk)
    assert event.data == {"rule": "banned_word", "language": "en"}


def test_changed(save, site):
    row = save()
    save(template=row, title="Softly", site=site)

    assert list(MessageTemplate.objects.values_list("title", "site")) == [("Softly", site.pk)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "template_incomplete"),
        ({"text_source": "\n"}, "template_incomplete"),
        ({"title": "x" * 81}, "template_too_long"),
        ({"text_source": "x" * 2_001}, "template_too_long"),
        ({"language": "xx"}, "unknown_language"),
        ({"language": ""}, "unknown_language"),
        ({"text_source": "Dear {nmae}."}, "unknown_gap"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong(db, save, changes, code):
    with pytest.raises(TemplateError) as refused:
        save(**changes)

    assert refused.value.code == code
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("at_site", [True, False])
def test_once_under_a_title(save, site, at_site):
    place = {"site": site if at_site else None}
    save(**place)
    with pytest.raises(TemplateError) as refused:
        save(text_source="Another.", **place)

    assert refused.value.code == "template_exists"
    assert MessageTemplate.objects.get().text_source == "Dear {name}, calm down."
    save(language="de", **place)
    save(rule="links", **place)


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_not_by_readers(save, request, who):
    with pytest.raises(PermissionDenied):
        save(by=request.getfixturevalue(who))
    assert not MessageTemplate.objects.exists()
