"""What the server offers is looked up, not believed."""

from importlib import import_module

from django.test import override_settings
from django.urls import path

from belowline.moderation.faq.offers import ADDRESSES, MODULES, Offers, has_address, offers


def nothing(request):
    """A view."""


urlpatterns = [path("appeal/", nothing, name=ADDRESSES["appeals"])]


def test_every_offer_is_looked_up():
    assert {*ADDRESSES, *MODULES} == set(Offers._fields)


def test_an_address_is_there_or_not():
    assert has_address("my-comments")
    assert has_address("desk")
    assert not has_address("nobody-has-this")


@override_settings(ROOT_URLCONF=__name__)
def test_a_form_for_appeals_is_found_by_its_address():
    assert offers().appeals
    assert not offers().notices


def test_a_module_is_there_or_not(monkeypatch):
    monkeypatch.setitem(MODULES, "editing", "belowline.comments.actions.delete_comment")
    assert offers().editing

    monkeypatch.setitem(MODULES, "editing", "belowline.comments.actions.no_such_thing")
    assert not offers().editing


def test_what_is_found_can_be_used():
    found = offers()._asdict()
    for name, module in MODULES.items():
        if found[name]:
            assert import_module(module)
