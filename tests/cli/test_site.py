"""`belowline site`: what holds for a site, from the command line."""

import pytest
from click.testing import CliRunner

from belowline.cli.site import site as command
from belowline.stories.models import Site

SHOWN = "name\tThe Gazette\nlanguage\t{language}\ncontact\teditor@gazette.example\nverified-email\t{verified}\n"


@pytest.fixture
def call(site):
    def run(*arguments):
        return CliRunner().invoke(command, list(arguments))

    return run


@pytest.mark.parametrize(
    ("options", "language", "verified"),
    [
        ((), "", "yes"),
        (("--language", "de"), "de", "yes"),
        (("--language", "de-AT", "--verified-email", "no"), "de", "no"),
        (("--language", "", "--verified-email", "yes"), "", "yes"),
    ],
)
def test_what_is_given_is_changed_and_the_rest_is_shown(call, options, language, verified):
    result = call("gazette", *options)

    assert result.stdout == SHOWN.format(language=language, verified=verified)
    assert call("gazette").stdout == result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody",), "there is no site with the key nobody"),
        (("gazette", "--name", "Other", "--language", "tlh"), "do not speak tlh here"),
        (("gazette", "--name", "Other", "--contact", "nobody"), "contact_email: "),
        (("gazette", "--name", "Other", "--verified-email", "perhaps"), "Invalid value"),
    ],
)
def test_what_is_refused_changes_nothing(call, arguments, words):
    result = call(*arguments)

    assert result.exit_code != 0
    assert words in result.output
    assert Site.objects.get(key="gazette").name == "The Gazette"
