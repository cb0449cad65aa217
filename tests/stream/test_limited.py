"""What comes too often: answered politely, with the seconds to wait, and nothing typed is lost."""

import pytest
from django.core.cache import cache
from django.test import Client

from belowline.comments.models import Comment, Recommendation
from belowline.limits.bucket import parse_rates
from belowline.limits.spending import limited
from belowline.moderation.models import Report
from belowline.stream.limited import wait_sentence

TEXT = "The harbour bridge should open again."


@pytest.fixture
def limit(settings):
    """Set one of the limits."""

    def call(name, text):
        settings.LIMITS = settings.LIMITS | {name: parse_rates(text)}

    return call


@pytest.fixture
def send(story):
    def call(client, text=TEXT, key="one", **headers):
        return client.post(f"/discussion/{story.pk}/post/", {"text": text, "idempotency_key": key}, **headers)

    return call


def check_refused(answer, most):
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= most


@pytest.mark.parametrize("per", ["account", "address", "story"])
def test_posting_too_often(send, as_reader, limit, per):
    limit("post", f"2/m/{per}")
    headers = {"REMOTE_ADDR": "9.8.7.6"}
    for number in range(2):
        assert send(as_reader, f"{TEXT} {number}", str(number), **headers).status_code == 302
    answer = send(as_reader, f"{TEXT} Now.", "now", **headers)
    page = answer.content.decode()

    check_refused(answer, 30)
    assert f">{TEXT} Now.</textarea>" in page
    assert f'data-wait="{answer["Retry-After"]}"' in page
    assert Comment.objects.count() == 2


def test_others_are_not_counted_with_them(send, as_reader, account, limit):
    limit("post", "1/m/account, 1/m/address")
    other = Client()
    other.force_login(account("Another"))

    assert send(as_reader, REMOTE_ADDR="9.8.7.6").status_code == 302
    assert send(other, f"{TEXT} Soon.", REMOTE_ADDR="9.8.7.7").status_code == 302
    check_refused(send(other, f"{TEXT} Too.", "two", REMOTE_ADDR="9.8.7.8"), 60)


def test_an_address_that_is_not_known_holds_nobody_back(send, as_reader, limit):
    limit("post", "1/m/address")

    assert [send(as_reader, f"{TEXT} {one}", str(one)).status_code for one in range(3)] == [302] * 3


def test_staff_are_not_counted(send, as_moderator, limit):
    limit("post", "1/h/account, 1/h/story")

    assert [send(as_moderator, f"{TEXT} {one}", str(one)).status_code for one in range(2)] == [302] * 2


def test_editing_too_often(as_reader, published, reader, limit):
    limit("post", "1/m/account")
    address = f"/comments/{published.pk}/edit/"
    assert published.author == reader
    assert as_reader.post(address, {"text": f"{TEXT} Once.", "idempotency_key": "1"}).status_code == 302
    answer = as_reader.post(address, {"text": f"{TEXT} Twice.", "idempotency_key": "2"})

    check_refused(answer, 60)
    assert f"{TEXT} Twice.</textarea>" in answer.content.decode()
    published.refresh_from_db()
    assert published.text_source == f"{TEXT} Once."


def test_recommending_too_often(client, account, published, post, limit):
    limit("recommend", "1/m/account")
    client.force_login(account("A friend"))
    other = post("Another remark about the tolls of the bridge.").comment
    assert client.post(f"/comments/{published.pk}/recommend/").status_code == 302
    page = client.post(f"/comments/{other.pk}/recommend/")

    check_refused(page, 60)
    assert "more often than we allow" in page.content.decode()
    problem = client.post(f"/comments/{other.pk}/recommend/", headers={"Accept": "application/json"})
    check_refused(problem, 60)
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json() == {
        "type": "about:blank",
        "title": "too_many_requests",
        "status": 429,
        "detail": wait_sentence(int(problem["Retry-After"])),
        "code": "too_many_requests",
        "retry_after": int(problem["Retry-After"]),
    }
    assert Recommendation.objects.count() == 1


def test_reporting_too_often(client, account, published, post, limit):
    limit("report", "1/h/story")
    client.force_login(account("A friend"))
    other = post("Another remark about the tolls of the bridge.").comment
    form = {"category": "spam", "text": "It sells watches."}
    assert client.post(f"/comments/{published.pk}/report/", form).status_code == 302
    answer = client.post(f"/comments/{other.pk}/report/", form)

    check_refused(answer, 3600)
    assert "It sells watches.</textarea>" in answer.content.decode()
    assert Report.objects.count() == 1


def test_previewing_too_often(as_reader, story, limit):
    limit("preview", "1/m/account")
    address, part = f"/discussion/{story.pk}/preview/", {"HX-Request": "true"}
    assert as_reader.post(address, {"text": TEXT}, headers=part).status_code == 200
    answer = as_reader.post(address, {"text": TEXT}, headers=part)

    check_refused(answer, 60)
    assert answer.content.decode().startswith('<p class="quiet" role="alert">')
    check_refused(as_reader.post(address, {"text": TEXT}), 60)


def test_searching_too_often(as_moderator, limit):
    limit("search", "1/m/account")
    assert as_moderator.get("/desk/search/").status_code == 200
    assert as_moderator.get("/desk/search/?words=bridge").status_code == 200
    check_refused(as_moderator.get("/desk/search/?words=ferry"), 60)
    assert as_moderator.get("/desk/search/").status_code == 200, "the form alone searches nothing"


def test_signing_in_by_tokens_too_often(client, publisher, limit):
    limit("sso", "1/m/address")
    made = publisher()
    headers = {"HTTP_ORIGIN": "https://gazette.example", "REMOTE_ADDR": "9.8.7.6"}
    assert client.post("/sso/", {"token": made.token()}, **headers).status_code == 302
    check_refused(client.post("/sso/", {"token": made.token()}, **headers), 60)


def test_whoever_counts_is_told(send, as_reader, limit):
    limit("post", "1/m/account")
    told = []

    def tell(sender, limit, **_):
        told.append(limit)

    limited.connect(tell)
    send(as_reader)
    send(as_reader, "Two.", "two")
    limited.disconnect(tell)
    assert told == ["post"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "in 1 second."),
        (119, "in 119 seconds."),
        (120, "in 2 minutes."),
        (121, "in 3 minutes."),
        (3600, "in 60 minutes."),
    ],
)
def test_how_long_it_takes(seconds, said):
    assert wait_sentence(seconds).endswith(said)


# --- signing in, which allauth counts


def keys_of(kept):
    return " ".join(kept._cache)


def test_too_many_sign_ins_from_one_address(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    form = {"login": "nobody@reader.example", "password": "wrong"}
    answers = [client.post("/accounts/login/", form, REMOTE_ADDR="9.8.7.6") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert "more often than we allow" in answers[2].content.decode()
    assert client.post("/accounts/login/", form, REMOTE_ADDR="9.8.7.7").status_code == 200
    assert "allauth:rl" in keys_of(cache)
    assert "9.8.7" not in keys_of(cache), "no address is kept"


def test_forged_headers_make_nobody_new(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    form = {"login": "nobody@reader.example", "password": "wrong"}
    answers = [
        client.post("/accounts/login/", form, REMOTE_ADDR="9.8.7.6", HTTP_X_FORWARDED_FOR=f"1.2.3.{one}")
        for one in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 429]


def test_failures_of_one_account_are_counted_whatever_the_address(client, db, settings):
    form = {"login": "nobody@reader.example", "password": "wrong"}
    pages = [client.post("/accounts/login/", form).content.decode() for _ in range(6)]

    assert "Too many failed login attempts" in pages[5]
    assert "Too many failed login attempts" not in pages[4]
