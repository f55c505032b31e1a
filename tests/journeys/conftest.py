from collections.abc import Iterator

import pytest

from tests.journeys.product import Product, started


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One installation for all journeys that leave it whole."""
    with started(tmp_path_factory.mktemp("product") / "var") as running:
        yield running
