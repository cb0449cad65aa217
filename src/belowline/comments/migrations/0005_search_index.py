"""Every comment's words, so that moderators can search; see comments.search_index."""

from typing import Any

from django.db import migrations

from belowline.comments.search_index import make_index


def make(apps: Any, schema_editor: Any) -> None:
    """Make and fill the index."""
    make_index(schema_editor.connection)


class Migration(migrations.Migration):
    """Adds an index that the models do not show."""

    dependencies = [("comments", "0004_reading")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=False)]
