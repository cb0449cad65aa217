"""A file of a model is cut short, altered or gone: the log and the doctor name it, and every comment is held."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from machines import wait_until
from readers import Reader, ask, text_of

import belowline

HERE = Path(belowline.__file__).parent
FILES = ("abuse/weights.safetensors", "abuse/encoder.onnx", "topic/encoder.onnx", "topic/manifest.json")

pytestmark = pytest.mark.slow


def cut_short(content):
    return content[: len(content) // 2]


def alter_one_bit(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES = {"cut short": cut_short, "one bit altered": alter_one_bit, "gone": None}


@pytest.fixture
def copy(tmp_path):
    """The package in a folder of its own, whose files may be broken; those that are not are the same files."""
    shutil.copytree(HERE, tmp_path / "copy" / "belowline", copy_function=link)
    return tmp_path / "copy" / "belowline"


def link(source, target):
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)


def put(file, content):
    """Write a file anew; None: take it away. What it was linked to stays."""
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)


def test_a_broken_file_of_a_model(session, newsroom, copy, environment, check, kept, record, tmp_path):  # noqa: PLR0917
    also = {"PYTHONPATH": str(copy.parent)}
    whole = {name: (HERE / "weights" / name).read_bytes() for name in FILES}
    put(copy / "weights" / FILES[0], cut_short(whole[FILES[0]]))
    server = newsroom(also=also).start()
    reader = Reader(server.address, session, "w")
    for name, content in whole.items():
        for how, damage in DAMAGES.items():
            if name.endswith(".json") and how == "one bit altered":
                continue  # which may still be the same JSON: a manifest has no checksum
            file = copy / "weights" / name
            put(file, damage(content) if damage else None)
            key = f"{name.replace('/', '-')}-{how.replace(' ', '-')}"
            begun = len(server.log.read_bytes())
            assert reader.post(key)
            said = server.log.read_bytes()[begun:].decode()
            assert file.name in said, (key, said)
            assert "reinstall belowline" in said
            assert kept()[key][1] == "held"
            assert text_of(key) not in ask(f"{server.address}/discussion/1/")[2]
            status, _, body = ask(f"{server.address}/readyz")
            assert (status, '"engine": {"ok": false, "error": "ModelError"}' in body) == (503, True)
        if name == FILES[-1]:
            done = subprocess.run(
                [sys.executable, "-m", "belowline", "doctor"],
                env=environment | also,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 1
            assert file.name in done.stdout
            assert "install the package anew: its models are incomplete" in done.stdout
        put(file, content)
    held = dict(reader.answered)
    assert len(held) == len(FILES) * len(DAMAGES) - 1

    wait_until(lambda: ask(f"{server.address}/readyz")[0] == 200)
    for number in range(10):
        assert reader.post(f"mended-{number}")
    assert {kept()[f"mended-{number}"][1] for number in range(10)} == {"held", "published"}
    check()
    assert {kept()[key][1] for key in held} == {"held"}
    how = f"{len(FILES)} files of the models cut short, altered by one bit or gone, one after the other"
    record("model file broken", how, reader.answered)
