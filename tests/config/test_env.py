"""Settings from the environment: yes or no, numbers, lists, paths, secrets; wrong ones are named."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from belowline.config.env import env_bool, env_choice, env_int, env_list, env_path, env_secret, env_str

NAME = "BELOWLINE_SOMETHING"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", True),
        ("true", True),
        ("Yes", True),
        (" on ", True),
        ("", False),
        ("0", False),
        ("FALSE", False),
        ("no", False),
        ("off", False),
    ],
)
def test_yes_and_no(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)

    assert env_bool(NAME) is expected
    assert env_bool(NAME, default=not expected) is expected


@pytest.mark.parametrize("default", [True, False])
def test_the_default_counts_where_nothing_is_set(monkeypatch, default):
    monkeypatch.delenv(NAME, raising=False)

    assert env_bool(NAME, default=default) is default


@pytest.mark.parametrize("value", ["maybe", "2", "ja"])
def test_neither_yes_nor_no(monkeypatch, value):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is '{value}'; set it to yes or no"):
        env_bool(NAME)


@pytest.mark.parametrize(
    ("value", "expected"), [("", "some"), ("some", "some"), (" ALL ", "all"), ("all", "all"), ("  ", "some")]
)
def test_one_of_several_words(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)

    assert env_choice(NAME, ("some", "all")) == expected


def test_the_first_word_where_nothing_is_set(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env_choice(NAME, ("some", "all")) == "some"


@pytest.mark.parametrize("value", ["none", "1", "some,all"])
def test_another_word(monkeypatch, value):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is '{value}'; set it to some or all"):
        env_choice(NAME, ("some", "all"))


@pytest.mark.parametrize(("value", "expected"), [("7", 7), ("-1", -1), (" 12 ", 12), ("3_000", 3000)])
def test_whole_numbers(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)

    assert env_int(NAME, 1) == expected


@pytest.mark.parametrize("value", ["", "many", "1.5"])
def test_no_whole_number(monkeypatch, value):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match="set it to a whole number"):
        env_int(NAME, 1)


def test_a_number_that_is_not_set(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env_int(NAME, 25) == 25


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", []), ("a", ["a"]), ("a, b ,c", ["a", "b", "c"]), (" , ,a,", ["a"])],
)
def test_lists(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)

    assert env_list(NAME, "unused") == expected


def test_a_list_that_is_not_set(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env_list(NAME, "localhost,[::1]") == ["localhost", "[::1]"]


@pytest.mark.parametrize("value", ["", "x"])
def test_text(monkeypatch, value):
    monkeypatch.setenv(NAME, value)

    assert env_str(NAME, "default") == value


def test_paths_are_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NAME, "data")
    assert env_path(NAME, "other") == tmp_path / "data"

    monkeypatch.setenv(NAME, "")
    assert env_path(NAME, "other") == tmp_path / "other"

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(NAME, "~/data")
    assert env_path(NAME, "other") == tmp_path / "data"


@pytest.mark.parametrize(
    ("variable", "content", "expected"),
    [
        ("from-environment", "from-file", "from-environment"),
        ("", "from-file\n", "from-file"),
        ("", None, ""),
    ],
    ids=["the variable wins", "the file, without its line break", "neither"],
)
def test_secrets(monkeypatch, tmp_path, variable, content, expected):
    file = tmp_path / "secret_key"
    if content is not None:
        file.write_text(content, "utf-8")
    monkeypatch.setenv(NAME, variable)

    assert env_secret(NAME, file) == expected


def test_a_secret_in_a_folder_that_is_not_there(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env_secret(NAME, Path("nowhere") / "secret_key") == ""
