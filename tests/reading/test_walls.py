"""Each thing a parser must not do is tried from inside of its process, where it has to fail."""

from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import sandbox as start
from documents.reading import walls
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.probes import PROBES
from documents.reading.sandbox import probe

ENDLESS = ("spin", "sleep")

needs_walls = pytest.mark.skipif(bool(walls.missing()), reason=f"this machine lacks {' and '.join(walls.missing())}")


@needs_walls
@pytest.mark.parametrize("name", [name for name in PROBES if name not in ENDLESS])
def test_a_parser_is_refused(name: str) -> None:
    assert probe(name).startswith("refused")


@needs_walls
def test_the_probes_are_no_straw_men() -> None:
    """Outside of the walls the same attempts get through, so it is the walls that refuse them."""
    PROBES["socket"]()
    PROBES["file of another"]()
    PROBES["folder"]()
    PROBES["signal"]()


@pytest.mark.parametrize(
    ("name", "limits", "detail"),
    [
        ("spin", Limits(cpu_seconds=1), "processor time"),
        ("spin", Limits(wall_seconds=0.3), "wall clock"),
        ("sleep", Limits(wall_seconds=0.3), "wall clock"),
        ("sleep", Limits(total_seconds=1), "wall clock"),
    ],
)
def test_a_parser_without_end_is_ended(name: str, limits: Limits, detail: str) -> None:
    with pytest.raises(UnreadableFile) as stopped:
        probe(name, replace(limits, weak_walls=bool(walls.missing())))

    assert (stopped.value.code, stopped.value.detail) == (Code.TIMED_OUT, detail)


def test_a_machine_that_lacks_a_wall_is_told_at_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOW_WEAK_SANDBOX = False
    monkeypatch.setattr(walls, "missing", lambda: (walls.LANDLOCK,))

    with pytest.raises(ImproperlyConfigured, match=r"Landlock.*ALLOW_WEAK_SANDBOX=1"):
        start.require()


def test_whoever_accepts_a_weak_sandbox_is_warned(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOW_WEAK_SANDBOX = True
    monkeypatch.setattr(walls, "missing", lambda: (walls.SECCOMP,))

    start.require()

    assert "files are read without seccomp" in caplog.text
