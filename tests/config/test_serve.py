"""The whole product, started as people start it."""

import re
import signal
import stat
from pathlib import Path

import pytest

from config import embedded, state
from tests.config import running

pytestmark = pytest.mark.processes


def sentences(words: str) -> list[str]:
    return [line for line in words.splitlines() if line != "Glossa is starting."]


def test_it_starts_once_survives_a_kill_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port, var = running.free_port(), str(tmp_path / "var")

    first = running.start("manage.py", "serve", VAR_DIR=var, PORT=port)
    said_first = running.said_until(first, "ready")
    second = running.refused(VAR_DIR=var, PORT=running.free_port())
    killed = running.family(first)
    running.kill_group(first)

    assert second[0] != 0
    assert re.search(rf"already running on http://127.0.0.1:{port} \(process {first.pid}\)", second[1])
    assert len(killed) > 3
    assert running.all_end(killed)
    assert re.search(r"^Admin: \S+@\S+ / \S+$\n^API token: \S+$", said_first, re.MULTILINE)

    again = running.start("manage.py", "serve", VAR_DIR=var, PORT=port)
    said_again = running.said_until(again, "ready")
    answered = running.answers(port)
    stopped = running.family(again)
    again.send_signal(signal.SIGTERM)
    words, _ = again.communicate(timeout=60)

    assert again.returncode == 0
    assert answered
    assert f"Glossa is ready at http://127.0.0.1:{port}" in said_again
    assert "Admin:" not in said_again
    assert "Traceback" not in words
    assert running.all_end(stopped)


def test_a_port_that_somebody_has_is_named(tmp_path: Path) -> None:
    with running.listening() as taken:
        port = str(taken.getsockname()[1])
        code, words = running.refused(VAR_DIR=str(tmp_path / "var"), PORT=port)

    assert code != 0
    assert len(sentences(words)) == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in words


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in its place")
    code, words = running.refused(VAR_DIR=str(tmp_path / "var"), PORT=running.free_port())

    assert code != 0
    assert len(sentences(words)) == 1
    assert f"{tmp_path / 'var'} cannot be used" in words


@pytest.fixture(scope="module")
def used_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a first start leaves it."""
    var = tmp_path_factory.mktemp("used") / "var"
    state.kept_secret(var / "secret_key")
    (var / "tmp").mkdir()
    with embedded.running(var, durable=False):
        pass
    return var


@pytest.mark.parametrize(
    ("closed", "mode"),
    [("secret_key", 0), ("password", 0), (".", 0o555), ("log", 0), ("valkey", 0), ("postgres", 0), (".", 0)],
)
def test_what_is_closed_in_the_folder_is_named(used_before: Path, closed: str, mode: int) -> None:
    place = used_before / closed
    before = place.stat().st_mode
    place.chmod(mode)
    try:
        code, words = running.refused(VAR_DIR=str(used_before), PORT=running.free_port())
    finally:
        place.chmod(before)

    assert code != 0
    assert len(sentences(words)) == 1
    assert f"{used_before} cannot be used ({place}" in words
    assert "Permission denied" in words


def test_nothing_in_the_folder_is_for_others(used_before: Path) -> None:
    # Root's folder itself may be passed, not read: PostgreSQL runs as somebody else below it.
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in used_before.iterdir()}

    assert stat.S_IMODE(used_before.stat().st_mode) & 0o066 == 0
    assert modes | {"tmp": 0} == dict.fromkeys(modes, 0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "postgres://glossa:secret@127.0.0.1:1/glossa",
            "at 127.0.0.1:1 does not answer as it should (Connection refused)",
        ),
        ("postgres://glossa:secret@127.0.0.1:many/glossa", "is no address of a PostgreSQL database"),
        ("mysql://glossa:secret@127.0.0.1/glossa", "is no address of a PostgreSQL database"),
    ],
)
def test_a_wrong_database_url_is_said_in_one_sentence_without_the_password(
    tmp_path: Path, url: str, reason: str
) -> None:
    production = {"REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "glossa.example"}
    code, words = running.refused(DATABASE_URL=url, VAR_DIR=str(tmp_path), PORT=running.free_port(), **production)

    assert code != 0
    assert len(sentences(words)) == 1
    assert reason in words
    assert "secret" not in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "-1"),
        ("MAX_UPLOAD_MB", "abc"),
        ("BIN_DAYS", "0"),
        ("HTTPS", "maybe"),
        ("LOG_LEVEL", "foo"),
        ("TIME_ZONE", "Nowhere/At all"),
        ("AI_PROVIDER", "oracle"),
        ("EMBEDDING_MODEL", "/nowhere"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "smtp://mail.example.org:many"),
    ],
)
def test_a_setting_that_cannot_be_is_named_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    code, words = running.refused(**{"VAR_DIR": str(tmp_path), name: value})

    assert code != 0
    assert len(sentences(words)) == 1
    assert f"Glossa cannot start. {name} is" in words


@pytest.mark.parametrize("missing", ["REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without_what_protects_it(tmp_path: Path, missing: str) -> None:
    production = {
        "DATABASE_URL": "postgres://glossa@127.0.0.1:1/glossa",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "glossa.example",
    }
    code, words = running.refused(**{**production, missing: ""}, VAR_DIR=str(tmp_path))

    assert code != 0
    assert len(sentences(words)) == 1
    assert f"{missing} is not set" in words


def test_a_queue_that_does_not_answer_is_said_in_one_sentence(tmp_path: Path) -> None:
    with embedded.running(tmp_path / "servers", durable=False) as servers:
        code, words = running.refused(
            DATABASE_URL=servers.addresses.database_url,
            REDIS_URL="redis://127.0.0.1:1/0",
            SECRET_KEY="k" * 60,
            ALLOWED_HOSTS="glossa.example",
            VAR_DIR=str(tmp_path),
            PORT=running.free_port(),
        )

    assert code != 0
    assert len(sentences(words)) == 1
    assert "REDIS_URL does not answer" in words
