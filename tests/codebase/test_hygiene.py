"""What must never stand in the repository: registry addresses, paths of somebody's machine, big files."""

import re

import pytest

# Put together here, so that this file does not hold what it looks for.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js",
    "npm" + "js.org",
    "deb.deb" + "ian.org",
]
HOST = re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)
FOLDERS = ["wo" + "rk", "fa" + "rm", "ro" + "ot", "Us" + "ers"]
MACHINE_PATH = re.compile(rf"(?<![\w.:/])/(?:{'|'.join(FOLDERS)})/|(?<![\w.:/])/ho" + r"me/\w+/")
MAX_FILE_BYTES = 30_000_000
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def text_lines(tracked, root):
    for path in tracked:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path.relative_to(root)}:{number}", line


@pytest.mark.parametrize(
    ("pattern", "mend"),
    [
        (HOST, "name no registry; whoever installs has set theirs"),
        (MACHINE_PATH, "write a path below the checkout, or one that everybody has"),
    ],
    ids=["registry", "machine path"],
)
def test_no_line_belongs_to_one_machine(tracked, root, pattern, mend):
    found = [place for place, line in text_lines(tracked, root) if pattern.search(line)]

    assert not found, f"{mend}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("line", "found"),
    [("see https://" + HOSTS[0] + "/simple", True), ("see https://example.org/simple", False)],
)
def test_the_pattern_for_hosts(line, found):
    assert bool(HOST.search(line)) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"open('/{FOLDERS[0]}/x')", True),
        (f"/{FOLDERS[3]}/ken/x", True),
        (f"./{FOLDERS[0]}/x", False),
        (f"https://example.org/{FOLDERS[0]}/x", False),
        ("/home", False),
    ],
)
def test_the_pattern_for_paths(line, found):
    assert bool(MACHINE_PATH.search(line)) is found


def test_no_file_is_too_big_to_clone(tracked, root):
    big = [str(path.relative_to(root)) for path in tracked if path.stat().st_size > MAX_FILE_BYTES]

    assert not big


def requirement_files(root):
    found = sorted((root / "requirements").glob("*.txt"))
    assert {"base.txt", "server.txt", "dev.txt"} <= {path.name for path in found}
    return found


def test_every_requirement_is_pinned_with_hashes(root):
    for path in requirement_files(root):
        entries = re.split(r"\n(?=\S)", path.read_text("utf-8").replace("\\\n", " ").strip())
        loose = [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or not HASH.search(entry)]
        assert not loose, f"{path.name} does not pin with a hash: {', '.join(loose)}; run make requirements"


def test_no_requirement_file_holds_an_address(root):
    for path in requirement_files(root):
        text = path.read_text("utf-8")
        assert "://" not in text, f"{path.name} holds an address"
        assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|-f)\b", text, re.MULTILINE)


def pins(path):
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", path.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", ["base.txt", "server.txt", "lab.txt"])
def test_all_files_pin_the_same_versions(root, name):
    smaller, whole = pins(root / "requirements" / name), pins(root / "requirements" / "dev.txt")

    different = {one: (version, whole.get(one)) for one, version in smaller.items() if whole.get(one) != version}
    assert not different, f"run make requirements: {different}"


def test_what_judging_in_bulk_needs_goes_on_top_of_the_rest(root):
    bulk, rest = pins(root / "requirements" / "bulk.txt"), pins(root / "requirements" / "dev.txt")

    different = {one: (bulk[one], rest[one]) for one in bulk.keys() & rest.keys() if bulk[one] != rest[one]}
    assert not different, f"run make requirements: {different}"
    assert bulk.keys() - rest.keys() < {"msgpack", "pandas", "pyarrow", "ray", "tzdata"}


def test_the_base_knows_no_django(root):
    assert not {"django", "granian", "psycopg"} & pins(root / "requirements" / "base.txt").keys()
