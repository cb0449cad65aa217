"""The page Guarantees: the promise, the bound, the weeks; and the notice on every page when the promise is broken."""

import pytest

from belowline.moderation.models import Certificate

PAGES = ("/desk/", "/desk/audit/")


@pytest.fixture
def page(as_moderator):
    def call(query="", status=200):
        answer = as_moderator.get(f"/desk/guarantees/{query}")
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.fixture
def broken(certified, review):
    """The promise is broken, and the band was widened."""
    for number in range(12):
        review("reject", "links", text=f"I do not like the tone of remark {number}.")
        if Certificate.objects.filter(voided_at__isnull=False).exists():
            return certified
    raise AssertionError("twelve errors and nobody has noticed")


def test_strangers_sign_in_and_readers_are_refused(stranger, as_reader, site):
    assert stranger.get("/desk/guarantees/").status_code == 302
    assert as_reader.get("/desk/guarantees/").status_code == 403


def test_before_there_is_a_site(as_moderator):
    assert "There is no site yet." in as_moderator.get("/desk/guarantees/").content.decode()


def test_nothing_was_promised(page, site):
    shown = page()

    assert "Nothing was promised for this policy" in shown
    assert "0 of what was published under this policy" in shown
    assert "void" not in shown


def test_a_promise_that_holds(page, certified, review):
    for _ in range(3):
        review()
    shown = page()

    assert "at most <strong>1\N{NO-BREAK SPACE}%</strong>, with 95\N{NO-BREAK SPACE}% confidence" in shown
    assert "3 of what was published under this policy, 0 errors" in shown
    assert "alarm at 20" in shown
    assert "Reviewers have not differed" in shown


def test_the_figures_of_the_weeks(page, certified, review):
    review()
    review("reject", "links")
    review("publish", text="What a wombat of a harbour bridge this is.")
    shown = page()

    assert (
        "<td>3</td><td>100\N{NO-BREAK SPACE}%</td><td>3</td><td>2</td><td>1</td><td>50\N{NO-BREAK SPACE}%</td>" in shown
    )
    assert "1 audited; reviewers would have published 1" in shown
    assert '<th scope="row">Links</th><td>1</td><td>0</td><td>–</td>' in shown
    assert '<th scope="row">Words that we do not publish</th><td>0</td><td>1</td><td>0</td>' in shown
    assert '<th scope="row">banned word</th>' in shown


def test_the_plot_says_what_it_shows(page, certified, review):
    review()
    shown = page()

    assert '<svg class="chart"' in shown
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in shown
    assert "the promise of 1\N{NO-BREAK SPACE}%" in shown
    assert "style=" not in shown[shown.index("<svg") : shown.index("</svg>")]
    assert shown.count('<circle class="rate"') == 1


def test_the_certificate_is_void(page, broken):
    shown = page()

    assert "The certificate is void" in shown
    assert "reviewers would have refused" in shown
    assert "the machine holds more comments" in shown
    assert "belowline policy FILE --activate gazette --certificate FILE" in shown
    assert "I do not like the tone of remark 0." in shown


def test_every_page_of_the_desk_says_so(as_moderator, broken):
    for path in PAGES:
        shown = as_moderator.get(path).content.decode()
        assert "The machine no longer keeps its promise on The Gazette" in shown
        assert 'href="/desk/guarantees/?site=gazette"' in shown


def test_readers_pages_say_nothing_of_it(stranger, broken, story):
    assert "promise on The Gazette" not in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_no_notice_while_all_is_well(as_moderator, certified, review):
    review()
    for path in PAGES:
        assert "no longer keeps its promise" not in as_moderator.get(path).content.decode()


def test_a_warning_where_nobody_promised(page, as_moderator, site, activate, review):
    activate(site, audit_share=1.0)
    for number in range(12):
        review("reject", "links", text=f"Remark {number} that people would refuse.")

    assert "More errors than you may want" in page()
    assert "Nobody has calibrated this policy" in as_moderator.get("/desk/").content.decode()


def test_a_policy_that_could_not_be_widened(page, certified):
    Certificate.objects.update(voided_at="2026-11-01T00:00:00Z", void_cause="Of the last 40 audited comments, 9.")
    shown = page()

    assert "Of the last 40 audited comments, 9." in shown
    assert "The policy acts as it was" in shown


def test_each_site_by_itself(page, broken, other_site):
    shown = page("?site=courier")

    assert 'aria-current="page">The Courier' in shown
    assert "Nothing was promised" in shown
    assert "The machine no longer keeps its promise on The Gazette" in shown
    page("?site=nobody", status=404)


def test_few_queries(as_moderator, certified, review, django_assert_max_num_queries):
    for _ in range(3):
        review()
    with django_assert_max_num_queries(32):
        as_moderator.get("/desk/guarantees/")
