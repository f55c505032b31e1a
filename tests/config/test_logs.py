import logging
import sys

from config.logs import Line


def test_an_error_is_logged_by_its_kind_and_place_and_not_by_its_words() -> None:
    try:
        raise ValueError("the rent is 900 EUR")
    except ValueError:
        record = logging.LogRecord("glossa", logging.ERROR, __file__, 1, "a page failed", (), sys.exc_info())

    line = Line("{message}", style="{").format(record)

    assert "a page failed" in line
    assert "test_logs.py" in line
    assert line.endswith("ValueError")
    assert "900" not in line.replace('raise ValueError("the rent is 900 EUR")', "")
