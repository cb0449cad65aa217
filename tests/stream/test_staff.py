"""Who may use the editors' controls on readers' pages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from belowline.stream.staff import editor_of, staff_only


@pytest.fixture
def ask():
    """A request of somebody's."""

    def call(user):
        request = RequestFactory().get("/discussion/1/controls/")
        request.user = user
        return request

    return call


@pytest.mark.parametrize("who", ["moderator", "admin"])
def test_moderators_are_let_through(request, ask, who):
    user = request.getfixturevalue(who)
    seen = staff_only(lambda asked, number: HttpResponse(f"{editor_of(asked).pk} {number}"))

    assert seen(ask(user), 7).content.decode() == f"{user.pk} 7"


def test_readers_are_refused(ask, reader):
    with pytest.raises(PermissionDenied):
        staff_only(lambda _: HttpResponse("secret"))(ask(reader))


def test_strangers_are_asked_to_sign_in(ask):
    answer = staff_only(lambda _: HttpResponse("secret"))(ask(AnonymousUser()))

    assert (answer.status_code, answer.content) == (302, b"")


def test_nobody_but_moderators_acts(ask):
    with pytest.raises(PermissionDenied):
        editor_of(ask(AnonymousUser()))
