"""Makes the site's database with one published article, as an editor would; prints the article's path."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "paper.settings"
django.setup()

from django.core.management import call_command  # noqa: E402 - Django first
from wagtail.models import Site  # noqa: E402

from paper.models import ArticlePage  # noqa: E402

call_command("migrate", verbosity=0)
site = Site.objects.get(is_default_site=True)
site.port = int(os.environ["PAPER_PORT"])
site.save()
article = ArticlePage(
    title="The ferry runs all winter",
    slug="ferry",
    search_description="The council has found the money.",
    intro="<p>The <b>ferry</b> carries schoolchildren, nurses and the post.</p>",
    body=json.dumps([{"type": "paragraph", "value": "<p>Fares rise by a tenth, the harbour master said.</p>"}]),
    live=False,
)
site.root_page.add_child(instance=article)
article.save_revision().publish()
print(article.pk)  # noqa: T201 - whoever called wants to know
