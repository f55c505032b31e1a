"""docker-compose.yml and Dockerfile say what the code says. Containers themselves are not started here."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.processes import HEALTH_PATH, PREPARE, PROCESSES
from tests.config import running

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
READS = re.compile(
    r'\b(?:env|text|recognised_language|required|listed|number|share|model_or_folder|switch|choice|time_zone)\(\s*"([A-Z0-9_]+)"'
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def settings_read() -> set[str]:
    """The names of the environment that are asked for."""
    read = [(ROOT / "config" / name).read_text() for name in ("settings.py", "environment.py")]
    return set(READS.findall("".join(read)))


def interpolated() -> set[str]:
    """The names that docker-compose.yml takes from .env itself."""
    return set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE.read_text()))


def explained() -> set[str]:
    return set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_every_process_is_a_service_with_the_same_command(services: dict[str, Any]) -> None:
    commands = {name: tuple(services[name]["command"]) for name in [*PROCESSES, "prepare"]}

    assert commands == {**PROCESSES, "prepare": PREPARE}


def test_every_process_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    for name in PROCESSES:
        waits_for = {other: wait["condition"] for other, wait in services[name]["depends_on"].items()}

        assert waits_for == {
            "prepare": "service_completed_successfully",
            "postgres": "service_healthy",
            "valkey": "service_healthy",
        }


def test_services_set_only_settings_that_exist(services: dict[str, Any]) -> None:
    for name in [*PROCESSES, "prepare"]:
        assert set(services[name]["environment"]) <= settings_read()


def test_every_service_that_can_be_asked_is_asked_how_it_is(services: dict[str, Any]) -> None:
    asked = {name for name, service in services.items() if service.get("healthcheck", {}).get("test")}

    assert asked == set(services) - {"prepare"}
    assert HEALTH_PATH in services["web"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize(("age_seconds", "healthy"), [(10, True), (120, False), (None, False)])
def test_beat_is_well_while_it_asks_for_sweeps(
    services: dict[str, Any], tmp_path: Path, age_seconds: int | None, healthy: bool
) -> None:
    if age_seconds is not None:
        (tmp_path / "beat").touch()
        os.utime(tmp_path / "beat", (time.time() - age_seconds,) * 2)

    assert running.is_well(services["beat"], VAR_DIR=str(tmp_path)) is healthy


def test_the_image_runs_the_web_process_and_not_as_root() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    command = next(line.removeprefix("CMD ") for line in lines if line.startswith("CMD "))

    assert tuple(json.loads(command)) == PROCESSES["web"]
    assert HEALTH_PATH in DOCKERFILE.read_text()
    assert "USER glossa" in lines


def test_every_volume_is_declared(services: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}

    assert used == set(yaml.safe_load(COMPOSE.read_text())["volumes"])


def test_every_setting_is_explained_and_every_explained_setting_exists() -> None:
    assert explained() == settings_read() | interpolated()


def test_the_example_changes_nothing_until_it_is_edited() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []
