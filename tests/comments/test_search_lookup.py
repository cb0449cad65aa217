"""Comments are found by their words, on either database; the index follows every change of a row."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from belowline.comments.actions.change_text import change_text
from belowline.comments.models import Comment
from belowline.comments.search_index import TRIGGERS, VECTOR_COST, is_whole, keep_index, make_index
from belowline.comments.search_lookup import matching
from belowline.comments.search_terms import read_terms

TEXTS = {
    "bridge": "The harbour bridge is closed; its tolls pay for cables.",
    "goose": "A goose stopped the tram at the harbour. The bridge was open!",
    "french": "Le pont est fermé, c’est l'été (voir www.example.org/le-pont).",
    "german": "Die Brücke ist zu. ÄRGERLICH!",
    "russian": "Мост закрыт до мая",
    "arabic": "الجسر مغلق، حتى مايو",
    "hindi": "यह हिन्दी है",
    "japanese": "港の大橋が閉鎖された。",
    "emoji": "Great👍bridge",
    "underscore": "mind_the_gap 3.5 %",
}


@pytest.fixture
def comments(write, story):
    made = {name: write(text) for name, text in TEXTS.items()}
    story.bump(comment_count=len(made))
    return made


def found(typed):
    names = {text: name for name, text in TEXTS.items()}
    rows = Comment.objects.filter(matching(read_terms(typed))).order_by("pk")
    return [names.get(text, text) for text in rows.values_list("text_source", flat=True)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bridge", ["bridge", "goose", "emoji"]),
        ("BRIDGE", ["bridge", "goose", "emoji"]),
        ("harbour bridge", ["bridge", "goose"]),
        ('"harbour bridge"', ["bridge"]),
        ('"harbour the bridge"', ["goose"]),
        ("bridge -goose", ["bridge", "emoji"]),
        ('-bridge -"le pont" -zu -大橋', ["russian", "arabic", "hindi", "underscore"]),
        ("harb*", ["bridge", "goose"]),
        ('"the harb*"', ["bridge", "goose"]),
        ("harb", []),
        ("ferme ete", ["french"]),
        ("FERMÉ", ["french"]),
        ("l'été", ["french"]),
        ("example.org", ["french"]),
        ("le-pont", ["french"]),
        ("brucke argerlich", ["german"]),
        ("Brücke", ["german"]),
        ("МОСТ", ["russian"]),
        ("مغلق", ["arabic"]),
        ("हिन्दी", ["hindi"]),
        ("大橋", ["japanese"]),
        ("大橋 -閉鎖", []),
        ("great", ["emoji"]),
        ("gap", ["underscore"]),
        ("3.5", ["underscore"]),
        ("absent bridge", []),
        ("AND bridge", []),
        ("(bridge) & :* | !", ["bridge", "goose", "emoji"]),
        ("brid'ge\\", []),
    ],
)
def test_finding(comments, typed, names):
    assert found(typed) == names


def test_nothing_typed_asks_nothing(comments):
    assert len(found("?!")) == len(TEXTS)


def test_an_edited_text_is_found_by_its_new_words_alone(comments):
    change_text(comment=comments["bridge"], text_source="Now about a windmill.")

    assert found("windmill") == ["Now about a windmill."]
    assert found("cables") == []


@pytest.mark.parametrize(
    "erase",
    [
        lambda rows: rows.update(text_source=""),
        lambda rows: rows.delete(),
        lambda rows: rows.update(text_source="Something else", status="deleted"),
    ],
    ids=["erased", "gone", "replaced"],
)
def test_what_is_gone_is_not_found(comments, erase):
    erase(Comment.objects.filter(pk=comments["goose"].pk))

    assert found("goose") == []
    assert found("bridge") == ["bridge", "emoji"]


def test_another_status_changes_nothing_of_the_words(comments):
    comments["goose"].change_status("removed")

    assert found("goose") == ["goose"]


def test_many_rows_at_once(comments, reader, story):
    fields = {"story": story, "author": reader, "body_html": "", "text_key": "", "depth": 0}
    bands = dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)
    Comment.objects.bulk_create(
        Comment(text_source=f"windmill {number}", idempotency_key=f"w{number}", **fields, **bands)
        for number in range(300)
    )

    assert Comment.objects.filter(matching(read_terms("windmill"))).count() == 300
    assert found('"windmill 17"') == ["windmill 17"]


def test_the_index_is_whole_after_the_migrations(db):
    assert is_whole(connection)


def test_what_a_migration_lost_is_made_again(comments, is_sqlite):
    if not is_sqlite:
        pytest.skip("PostgreSQL keeps its index by itself")
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}")
    change_text(comment=comments["bridge"], text_source="Now about a windmill.")
    assert not is_whole(connection)

    keep_index(using="default")
    assert is_whole(connection)
    assert found("windmill") == ["Now about a windmill."]
    assert found("cables") == []


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_copied_keeps_its_index(write, is_sqlite):
    """SQLite changes most columns by copying the table, and forgets its triggers."""
    if not is_sqlite:
        pytest.skip("PostgreSQL copies nothing")
    write("Before the windmill.")
    column = models.CharField(max_length=10, default="", db_default="")
    column.set_attributes_from_name("extra")
    with connection.schema_editor() as editor:
        editor.add_field(Comment, column)
        editor.remove_field(Comment, column)
    assert not is_whole(connection)
    call_command("migrate", verbosity=0)

    assert is_whole(connection)
    write("After the windmill.")
    assert found("windmill") == ["Before the windmill.", "After the windmill."]


@pytest.mark.parametrize("read", ["parking", '"of the"'])
def test_postgres_knows_what_reading_a_text_costs(comments, is_sqlite, read):
    """Written out in the plan, the function's own cost would be forgotten."""
    if is_sqlite:
        pytest.skip("a function of PostgreSQL")
    plan = Comment.objects.filter(matching(read_terms(read))).explain(verbose=True)

    assert "belowline_search_vector(" in plan
    assert "regexp_replace" not in plan
    with connection.cursor() as cursor:
        cursor.execute("SELECT procost FROM pg_proc WHERE proname = 'belowline_search_vector'")
        assert cursor.fetchone() == (VECTOR_COST,)


def test_making_it_twice_does_nothing(comments, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        make_index(connection)
    assert found("goose") == ["goose"]


def test_the_handler_asks_for_its_own_app_alone():
    from django.db.models.signals import post_migrate

    receivers = [receiver for receiver in post_migrate.receivers if receiver[0][0] == "comments_search"]
    assert [receiver[0][1] for receiver in receivers] == [id(apps.get_app_config("comments"))]
