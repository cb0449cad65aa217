"""The picture of audits."""

from belowline.desk.insights.audited import draw_audits, read_audits


def drawn(looking):
    found = looking()
    return draw_audits(read_audits(found.scope), found)


def test_errors_against_the_promise(looking, certified, review):
    for _ in range(3):
        review()
    review("reject", "links")
    picture = drawn(looking)

    assert picture.says.startswith(
        "Of 4 audited comments that the machine had published, reviewers would have refused 1: at most 75.1"
    )
    assert picture.says.endswith("where 1\N{NO-BREAK SPACE}% is promised.")
    assert picture.limit == "1\N{NO-BREAK SPACE}%"
    assert len(picture.table.rows) == 12
    assert picture.table.rows[-1][1:4] == (4, 4, 1)
    assert picture.table.rows[0][1:] == (0, 0, 0, None, None, None)


def test_where_nothing_was_promised(looking, site, activate, review):
    activate(site, audit_share=1.0)
    review()

    assert drawn(looking).says.endswith("% is what we look for.")


def test_no_audits(looking):
    picture = drawn(looking)

    assert picture.says == "No audit was answered in the last twelve weeks."
    assert not picture.is_drawn
