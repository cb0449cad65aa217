"""The files for systemd, containers, nginx and Varnish name only commands, options and settings that there are."""

import re
import tomllib

import pytest
import yaml

from belowline.cli import main

FILES = [
    "systemd/belowline.service",
    "systemd/belowline-worker@.service",
    "systemd/belowline-backup.service",
    "container/Containerfile",
    "container/compose.yaml",
    "nginx/belowline.conf",
    "varnish/belowline.vcl",
]


def read(root, name):
    return (root / "deploy" / name).read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_settings_are_those_of_the_reference(root, page, name):
    described = set(re.findall(r"^\| `(\w+)`", page("reference/settings.md"), re.MULTILINE))
    named = set(re.findall(r"\b(?:BELOWLINE_[A-Z_]+|DATABASE_URL)\b", read(root, name)))

    assert named
    assert named - described == set()


def commands(root):
    """Every command line of ours in these files, as its words."""
    for name in FILES[:3]:
        for line in re.findall(r"^ExecStart=/opt/belowline/bin/belowline (.*)$", read(root, name), re.MULTILINE):
            yield line.split()
    yield ["serve", "--host", "0.0.0.0"]  # noqa: S104 - as the Containerfile has it
    for service in yaml.safe_load(read(root, "container/compose.yaml"))["services"].values():
        if "command" in service:
            yield service["command"][1:]


def test_commands_and_options_are_there(root):
    found = list(commands(root))

    assert len(found) == 7
    assert 'CMD ["belowline", "serve", "--host", "0.0.0.0"]' in read(root, "container/Containerfile")
    for name, *words in found:
        command = main.get_command(None, name)
        options = {spelt for parameter in command.params for spelt in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, name


@pytest.mark.parametrize(
    ("name", "requirements"), [("container", "requirements/server.txt"), ("kuberay", "requirements/bulk.txt")]
)
def test_what_the_image_copies_is_all_that_the_wheel_needs(root, name, requirements):
    copied = " ".join(re.findall(r"^COPY (?!--from)(.*) \S+$", read(root, f"{name}/Containerfile"), re.MULTILINE))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]

    for needed in ("pyproject.toml", "src", project["readme"], *project["license-files"], requirements):
        assert needed in copied.split(), needed


def rayjob(root):
    return yaml.safe_load(read(root, "kuberay/rayjob.yaml"))


def test_the_ray_job_calls_a_command_with_options_that_are_there(root):
    program, name, *words = rayjob(root)["spec"]["entrypoint"].split()

    given = main.get_command(None, name).make_context(name, words).params

    assert program == "belowline"
    assert (given["runner"], given["resume"], given["out"][-1]) == ("ray", True, "/")


def test_the_ray_job_has_an_actor_for_each_cpu_of_the_workers(root):
    spec = rayjob(root)["spec"]
    cluster = spec["rayClusterSpec"]
    [group] = cluster["workerGroupSpecs"]
    [worker], [head] = (one["template"]["spec"]["containers"] for one in (group, cluster["headGroupSpec"]))

    assert f"--processes {group['replicas'] * int(worker['resources']['limits']['cpu'])} " in spec["entrypoint"]
    assert cluster["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    assert worker["image"] == head["image"]


def test_ray_has_one_version_everywhere(root):
    [pinned] = re.findall(r"^ray==(\S+)", (root / "requirements/bulk.txt").read_text("utf-8"), re.MULTILINE)

    assert rayjob(root)["spec"]["rayClusterSpec"]["rayVersion"] == pinned
    assert f"rayproject/ray:{pinned}-" in read(root, "kuberay/Containerfile")


def test_units_stop_no_sooner_than_the_server_does(root):
    """A worker that systemd kills before its time has its task done twice."""
    from belowline.cli import serve

    seconds = int(
        re.search(r"^TimeoutStopSec=(\d+)$", read(root, "systemd/belowline-worker@.service"), re.MULTILINE)[1]
    )
    assert seconds > serve.GRACE_SECONDS + serve.LAST_SECONDS


def test_caches_and_the_server_agree(root):
    """What the files for nginx and Varnish say in their own words is what the server does."""
    from belowline.config import settings

    nginx, varnish = read(root, "nginx/belowline.conf"), read(root, "varnish/belowline.vcl")

    assert f'"~{settings.SESSION_COOKIE_NAME}" 1;' in nginx
    assert f'req.http.Cookie !~ "{settings.SESSION_COOKIE_NAME}"' in varnish
    assert f"client_max_body_size {settings.MAX_BODY_BYTES // 1_000_000}m;" in nginx
    assert f"set req.grace = {settings.SHARED_CACHE_STALE_SECONDS}s;" in varnish
    assert not re.search(r"^\s*(?:proxy_cache_valid|proxy_cache_use_stale)", nginx, re.MULTILINE)
