"""Traces are off, and nothing of OpenTelemetry is imported, unless its own variables name a place for them."""

import os
import subprocess
import sys

import pytest

from belowline import traces

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PLACE = "http://127.0.0.1:4318"


@pytest.mark.parametrize(
    ("environment", "is_wanted"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({ENDPOINT: PLACE}, True, id="a place"),
        pytest.param({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": PLACE}, True, id="a place for traces alone"),
        pytest.param({ENDPOINT: " "}, False, id="an empty place"),
        pytest.param({"OTEL_SERVICE_NAME": "comments"}, False, id="a name alone"),
        pytest.param({"OTEL_TRACES_EXPORTER": "otlp"}, False, id="a way without a place"),
        pytest.param({ENDPOINT: PLACE, "OTEL_TRACES_EXPORTER": "otlp"}, True, id="both"),
        pytest.param({ENDPOINT: PLACE, "OTEL_TRACES_EXPORTER": "none"}, False, id="no traces"),
        pytest.param({ENDPOINT: PLACE, "OTEL_SDK_DISABLED": "True"}, False, id="switched off"),
        pytest.param({ENDPOINT: PLACE, "OTEL_SDK_DISABLED": "false"}, True, id="not switched off"),
    ],
)
def test_when_traces_are_wanted(environment, is_wanted):
    assert traces.is_wanted(environment) is is_wanted


@pytest.fixture
def unset(monkeypatch):
    """No variable of OpenTelemetry's is set."""
    for name in list(os.environ):
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)


def test_an_application_stays_as_it_is(unset):
    def application(environ, start_response):
        return []

    assert traces.traced(application, str, os.environ) is application


def test_a_place_without_the_package_is_said_and_harms_nobody(unset, monkeypatch, caplog):
    def application(environ, start_response):
        return []

    monkeypatch.setenv(ENDPOINT, PLACE)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)

    assert traces.traced(application, str, os.environ) is application
    assert traces.trace_worker(os.environ) is None
    assert "pip install 'belowline[telemetry]'" in caplog.text
    assert PLACE not in caplog.text


def test_a_server_and_a_worker_import_nothing_of_it(unset, tmp_path):
    code = (
        "import os, sys; from belowline.config import wsgi; from belowline.traces import trace_worker; "
        "trace_worker(os.environ); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')], type(wsgi.application).__name__)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DJANGO_"))}
    environment |= {"BELOWLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3"}

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["[]", "Front"], done.stderr
