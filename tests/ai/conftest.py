"""The local Messages API, and Claude pointed at it."""

from collections.abc import Iterator

import pytest

from documents.ai.claude import Claude
from tests.claude import MessagesAPI


@pytest.fixture
def api() -> Iterator[MessagesAPI]:
    with MessagesAPI() as server:
        yield server


@pytest.fixture
def claude(api: MessagesAPI) -> Claude:
    return Claude(api.api_key, base_url=api.url, timeout_seconds=1.0)
