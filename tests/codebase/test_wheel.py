"""The wheel holds everything that is needed to run, and nothing else."""

import subprocess
import sys
import zipfile

import pytest

DATA_FOLDERS = ("weights", "templates", "static", "stories", "threads")


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel of this tree, opened."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_every_file_of_the_package(wheel, tracked, root):
    source = root / "src"
    expected = {str(path.relative_to(source)) for path in tracked if source in path.parents}

    missing = sorted(expected - set(wheel.namelist()))
    assert not missing, "the wheel lacks: " + ", ".join(missing)


def test_the_wheel_holds_the_data(wheel, root):
    names = wheel.namelist()
    present = [name for name in DATA_FOLDERS if any((root / "src" / "belowline").glob(f"**/{name}/**/*.*"))]

    assert "belowline/engine/default_policy.toml" in names
    for name in present:
        assert any(f"/{name}/" in one for one in names), f"the wheel has nothing of {name}/"


def test_the_wheel_holds_nothing_else(wheel):
    stray = [name for name in wheel.namelist() if not name.startswith(("belowline/", "belowline-"))]

    assert stray == []
    assert not [name for name in wheel.namelist() if "__pycache__" in name or name.endswith((".pkl", ".sqlite3"))]


def test_the_command_is_declared(wheel):
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]

    assert "belowline = belowline.cli:main" in wheel.read(entry).decode()
