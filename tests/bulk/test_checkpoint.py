"""A file that was begun is continued where its checkpoint says, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.bulk.checkpoint import Checkpoint, LinesFile, checkpoint_path, read_checkpoint, refuse_existing
from belowline.bulk.errors import ResumeError
from belowline.bulk.lines import Answered


def wanted(**job):
    return Checkpoint(job={"model": "m-1", "policy": "p-1"} | job, input="digest of the input")


def chunk(number, size=3):
    parts = [b"%d-%d" % (number, place) for place in range(size)]
    return Answered(number, list(range(size)), parts, bad=number % 2)


def content(chunks):
    return b"".join(part + b"\n" for one in chunks for part in one.parts)


def test_what_was_written_and_saved_is_known_again(tmp_path):
    output = tmp_path / "out"
    file = LinesFile(output, read_checkpoint(output, wanted()))
    file.write(chunk(1))
    file.write(chunk(2))
    file.save(is_complete=True)
    file.close()

    found = read_checkpoint(output, wanted())

    assert (found.lines, found.bad, found.size, found.is_complete) == (6, 1, output.stat().st_size, True)
    assert output.read_bytes() == content([chunk(1), chunk(2)])


@given(st.lists(st.sampled_from(["write", "save", "crash", "torn"]), max_size=30))
def test_whenever_it_is_cut_short_nothing_is_missing_or_twice(tmp_path_factory, events):
    """`crash`: what was not saved may be there or not; `torn`: half a line is there."""
    output = tmp_path_factory.mktemp("out") / "out"
    file = LinesFile(output, read_checkpoint(output, wanted()))
    for event in [*events, "crash"]:
        if event == "write":
            file.write(chunk(file.state.lines // 3))
        elif event == "save":
            file.save()
        else:
            file.close()
            if event == "torn":
                with output.open("ab") as stream:
                    stream.write(b"half a li")
            if not checkpoint_path(output).exists():
                output.unlink()  # as before the first save, which comes with the beginning
            file = LinesFile(output, read_checkpoint(output, wanted()))
    while file.state.lines < 30:
        file.write(chunk(file.state.lines // 3))
    file.save(is_complete=True)
    file.close()

    assert output.read_bytes() == content(map(chunk, range(10)))


@pytest.fixture
def begun(tmp_path):
    output = tmp_path / "out.jsonl"
    file = LinesFile(output, wanted())
    file.write(chunk(1))
    file.save()
    file.close()
    return output


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (wanted(model="m-2"), r"begun with another model \(m-1, now m-2\)"),
        (wanted(head="abc"), r"another head \(nothing, now abc\)"),
        (Checkpoint(job=wanted().job, input="other"), "another input, or the input has changed"),
    ],
    ids=["model", "head", "input"],
)
def test_another_job_or_input_does_not_continue_it(begun, now, words):
    with pytest.raises(ResumeError, match=words):
        read_checkpoint(begun, now)


@pytest.mark.parametrize("change", [b"", b"1-0\n1-1\n1-X\n"], ids=["cut off", "changed"])
def test_an_output_that_was_changed_is_not_continued(begun, change):
    begun.write_bytes(change)

    with pytest.raises(ResumeError, match="was changed since its checkpoint"):
        LinesFile(begun, read_checkpoint(begun, wanted()))

    assert begun.read_bytes() == change


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "is damaged"), (json.dumps({"job": wanted().job, "input": "x", "format": 9}), "by another release")],
    ids=["damaged", "newer"],
)
def test_a_checkpoint_that_cannot_be_read_is_refused(begun, text, words):
    checkpoint_path(begun).write_text(text, "utf-8")

    with pytest.raises(ResumeError, match=words):
        read_checkpoint(begun, wanted())


def test_an_output_without_a_checkpoint_is_refused(begun):
    checkpoint_path(begun).unlink()

    with pytest.raises(ResumeError, match="is missing, so nobody knows"):
        read_checkpoint(begun, wanted())


def test_nothing_is_written_over(begun):
    with pytest.raises(ResumeError, match="add --resume"):
        refuse_existing(begun)


def test_the_checkpoint_is_written_every_few_seconds(tmp_path, monkeypatch):
    clock = iter([0.0, 1.0, 5.1, 5.2, 6.0])
    monkeypatch.setattr("belowline.bulk.checkpoint.time.monotonic", lambda: next(clock))
    file = LinesFile(tmp_path / "out", wanted())
    file.write(chunk(1))
    assert not checkpoint_path(file.output).exists()

    file.write(chunk(2))

    assert read_checkpoint(file.output, wanted()).lines == 6
    file.write(chunk(3))
    assert read_checkpoint(file.output, wanted()).lines == 6
    file.close()
