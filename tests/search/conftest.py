import pytest

from tests.library import Commit
from tests.search.library import Shelve, shelver


@pytest.fixture
def shelve(commit: Commit) -> Shelve:
    """Puts a text into somebody's library, where it is ready at once."""
    return shelver(commit)
