"""What the environment says, checked once: a wrong value is refused in a sentence."""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

from documents.reading import ocr_data

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / env("ENV_FILE", default=".env"))

SWITCH = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def text(name: str, default: str = "") -> str:
    """The default also stands for a name that is set to nothing."""
    value: str = env(name, default="")
    return value or default


def required(name: str, advice: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set, and DATABASE_URL is: {advice}")
    return value


def listed(name: str, choices: Collection[str] = ()) -> list[str]:
    """What stands there with commas between. Of choices all when nothing is said, and none when that is said."""
    values: list[str] = [value.strip() for value in env.list(name, default=[])]
    if not choices:
        return values
    given = [] if values == ["none"] else values or [*choices]
    if not set(given) <= set(choices):
        known = ", ".join(choices)
        raise ImproperlyConfigured(f"{name} is {text(name)!r}: give some of {known} with commas between, or none.")
    return given


def number(name: str, default: int, least: int = 1) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}: give a whole number from {least} up, such as {default}.")
    return int(value)


def share(name: str, default: float, most: float = 1.0) -> float:
    value = text(name, str(default))
    try:
        given = float(value)
    except ValueError:
        given = -1.0
    if not 0 <= given <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}: give a number from 0 to {most:g}, such as {default:g}.")
    return given


def switch(name: str, *, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value not in SWITCH:
        raise ImproperlyConfigured(f"{name} is {value!r}: it may be true or false.")
    return SWITCH[value]


def choice(name: str, choices: Collection[str], default: str) -> str:
    value = text(name, default)
    found = next((one for one in choices if one.lower() == value.lower()), None)
    if found is None:
        raise ImproperlyConfigured(f"{name} is {value!r}: it may be {' or '.join(choices)}.")
    return found


def recognised_language(name: str) -> str:
    """The language of text recognition, or several joined by a plus."""
    value = text(name, "eng")
    if ocr_data.folder_for(value) is None:
        known = ", ".join(sorted(ocr_data.languages()))
        folder = text("TESSDATA_PREFIX", "not set")
        raise ImproperlyConfigured(
            f"{name} is {value!r}, for which there is no data. There is: {known}; join several by a plus (eng+deu). "
            f"Data of further languages (*.traineddata) is looked for in the folder TESSDATA_PREFIX ({folder})."
        )
    return value


def model_or_folder(name: str, models: Collection[str], default: str) -> str:
    """A model this program brings, or a folder that holds one."""
    value = text(name, default)
    if value not in models and not Path(value).is_dir():
        known = " or ".join(models)
        raise ImproperlyConfigured(
            f"{name} is {value!r}: it may be {known}, or a folder with model.onnx and tokenizer.json."
        )
    return value


def time_zone(name: str) -> str:
    value = text(name, "UTC")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: give the name of a time zone, such as Europe/Paris."
        ) from error
    return value


def database(url: str) -> dict[str, Any]:
    """The connection as Django wants it."""
    try:
        if not url.startswith(("postgres://", "postgresql://")):
            raise ValueError("the scheme is not postgres")
        return {**env.db_url_config(url), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL is no address of a PostgreSQL database ({error}): "
            "give one such as postgres://glossa:password@localhost:5432/glossa."
        ) from error


def mailer(url: str) -> dict[str, Any]:
    """The mail server of an address, as Django wants it."""
    try:
        mail = env.email_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            f"EMAIL_URL is no address of a mail server ({error}): "
            "give one such as smtp+tls://user:password@mail.example.org:587."
        ) from error
    return {
        "BACKEND": mail["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": mail["EMAIL_HOST"],
            "port": mail["EMAIL_PORT"] or 25,
            "username": mail["EMAIL_HOST_USER"] or "",
            "password": mail["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": mail.get("EMAIL_USE_TLS", False),
            "use_ssl": mail.get("EMAIL_USE_SSL", False),
            "timeout": 10,
        },
    }
