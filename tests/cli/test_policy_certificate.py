"""`belowline policy FILE --activate SITE --certificate FILE`: what was proved is kept with the policy that acts."""

import msgspec
import pytest

from belowline.moderation.models import Certificate, PolicyVersion
from belowline.moderation.watch import promise_of


@pytest.fixture
def files(tmp_path, policy_text, certificate_for):
    """Write a policy and a certificate about it."""

    def write(**changes):
        text = policy_text(name="Proved")
        policy, certificate = tmp_path / "calibrated.toml", tmp_path / "certificate.json"
        policy.write_text(text, "utf-8")
        certificate.write_bytes(msgspec.json.encode(certificate_for(text, **changes)))
        return policy, certificate

    return write


def test_it_acts_with_its_certificate(run, site, files):
    policy, certificate = files(bad_published=0.02)
    result = run("policy", policy, "--activate", "gazette", "--certificate", certificate)

    assert result.exit_code == 0, result.stderr
    assert "acts on The Gazette from now on." in result.stderr
    assert "Its promise is watched: at most 2 % of what it publishes would be refused." in result.stderr
    version = PolicyVersion.objects.latest("pk")
    assert promise_of(version).kind == "certified"
    assert promise_of(version).promise.bad_published == 0.02


def test_a_certificate_of_another_policy(run, site, files):
    policy, certificate = files(about="other@123456789abc")
    before = PolicyVersion.objects.count()
    result = run("policy", policy, "--activate", "gazette", "--certificate", certificate)

    assert result.exit_code == 1
    assert "the certificate is about the policy other@123456789abc" in result.stderr
    assert "Nothing was changed" in result.stderr
    assert PolicyVersion.objects.count() == before


def test_one_that_proves_nothing(run, site, files):
    policy, certificate = files(status="too_few")
    result = run("policy", policy, "--activate", "gazette", "--certificate", certificate)

    assert result.exit_code == 1
    assert "proves nothing" in result.stderr
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"status": "calibrated"}'])
def test_a_file_that_is_no_certificate(run, site, files, content):
    policy, certificate = files()
    certificate.write_bytes(content)
    before = PolicyVersion.objects.count()
    result = run("policy", policy, "--activate", "gazette", "--certificate", certificate)

    assert result.exit_code == 1
    assert "is no certificate" in result.stderr
    assert PolicyVersion.objects.count() == before


def test_a_certificate_alone(run, files):
    policy, certificate = files()
    result = run("policy", policy, "--certificate", certificate)

    assert result.exit_code == 2
    assert "--certificate goes with --activate" in result.stderr


def test_there_is_no_such_file(run, files, tmp_path):
    policy, _ = files()

    assert run("policy", policy, "--activate", "gazette", "--certificate", tmp_path / "none").exit_code == 2


def test_without_a_certificate_nothing_is_promised(run, site, files):
    policy, _ = files()
    result = run("policy", policy, "--activate", "gazette")

    assert result.exit_code == 0
    assert "promise" not in result.stderr
    assert promise_of(PolicyVersion.objects.latest("pk")).kind == "default"
