"""What reading a text's words costs, so that PostgreSQL asks the index; see comments.search_index."""

from typing import Any

from django.db import migrations

from belowline.comments.search_index import POSTGRES_FUNCTIONS


def make(apps: Any, schema_editor: Any) -> None:
    """Make the functions anew; the index stays: what they return is the same."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRES_FUNCTIONS:
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    """Changes functions of PostgreSQL that the models do not show; an older version works with them."""

    dependencies = [("comments", "0006_constraints")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=False)]
