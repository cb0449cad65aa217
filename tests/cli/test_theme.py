"""`belowline theme`: the look of a site, from the command line."""

import pytest
from click import UsageError
from click.testing import CliRunner

from belowline.cli.theme import split_property, theme
from belowline.stories.models import Site


@pytest.fixture
def call(site):
    def run(*arguments):
        return CliRunner().invoke(theme, list(arguments))

    return run


def test_properties_are_set_added_and_taken_back(call):
    assert (
        call("gazette", "accent=#8A1C2B", "serif=Georgia, serif").stdout == "accent\t#8a1c2b\nserif\tGeorgia, serif\n"
    )
    assert call("gazette", "radius=2px", "serif=").stdout == "accent\t#8a1c2b\nradius\t2px\n"
    assert call("gazette").stdout == "accent\t#8a1c2b\nradius\t2px\n"

    assert Site.objects.get(key="gazette").theme == {"accent": "#8a1c2b", "radius": "2px"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gazette", "accent=#e63946"), "#c2303b would do"),
        (("gazette", "accent=red"), "accent is written as a colour like"),
        (("gazette", "colour=#000"), "there is no property colour"),
        (("gazette", "accent"), "write accent as accent=VALUE"),
        (("nobody", "accent=#000"), "there is no site with the key nobody"),
    ],
)
def test_what_is_refused_changes_nothing(call, arguments, words):
    result = call(*arguments)

    assert result.exit_code != 0
    assert words in result.output
    assert Site.objects.get(key="gazette").theme == {}


@pytest.mark.parametrize(("text", "pair"), [("a=b", ("a", "b")), ("a=", ("a", "")), (" a =b=c ", ("a", "b=c "))])
def test_a_property(text, pair):
    assert split_property(text) == pair


def test_no_property():
    with pytest.raises(UsageError):
        split_property("accent")
