"""Fills Belowline for the soak: a long story and three short ones, readers and a moderator, signed in.

Writes to the database that the settings name; prints JSON: the stories' ids, and the cookies and tokens.
"""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

STORIES = {"long": 500, "one": 20, "two": 20, "three": 20}


def main() -> None:
    """Fill, and tell."""
    import django

    django.setup()
    from load_fill import sign_in
    from page_comments import BODY, NAMES, TITLE, comments, fill

    from belowline.accounts.models import User
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site

    site = Site.objects.create(key="bench", name="The Bench", domains=["localhost"])
    readers = {
        name: User.objects.create_user(f"r{number}@example.org", display_name=name) for number, name in enumerate(NAMES)
    }
    moderator = User.objects.create_user("moderator@example.org", display_name="Moderator", role="moderator")
    stories = []
    for key, count in STORIES.items():
        story, _ = save_story(site=site, key=key, title=TITLE, body=BODY, section="News", url="")
        fill(story, readers, comments(count))
        stories.append(story.pk)
    signed_in = [sign_in(reader) for reader in readers.values()]
    print(json.dumps({"stories": stories, "readers": signed_in, "moderator": sign_in(moderator)}))


if __name__ == "__main__":
    main()
