"""A worker is killed while it removes an account: another one goes on, and nothing is left."""

from pathlib import Path

import pytest

from tests.config import running
from tests.journeys.product import Product, started

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("killed")]

DOCUMENTS = 4_000
# Somebody with thousands of documents, who has just said that she leaves.
MANY = """
WITH she AS (
    INSERT INTO accounts_user (password, is_superuser, email, name, is_staff, is_active, date_joined, leaving_at)
    VALUES ('!', false, 'leaving@example.org', '', false, false, now(), now() - interval '2 minutes') RETURNING id
)
INSERT INTO documents_document (id, owner_id, title, filename, file, sha256, size, media_type, content, content_sha256,
    language, status, progress, page_count, unread_pages, pages_read, unread, notes, hidden_text, depth, error_code,
    error, created_at, updated_at)
SELECT gen_random_uuid(), she.id, 'Paper ' || n, 'paper.txt', 'originals/00/' || n, md5(n::text) || md5(n::text), 1,
    'text/plain', 'Words.', 'x', '', 'ready', 1, 1, '[]', 1, '[]', '[]', false, 0, '', '', now(), now()
FROM she, generate_series(1, 4000) n
"""
HERS = "SELECT count(*) FROM documents_document WHERE owner_id IN (SELECT id FROM accounts_user WHERE NOT is_active)"
SHE = "SELECT count(*) FROM accounts_user WHERE NOT is_active"
# After which she counts as abandoned.
A_MINUTE_PASSES = "UPDATE accounts_user SET leaving_at = now() - interval '2 minutes' WHERE NOT is_active"


def counted(product: Product, query: str) -> int:
    return int(product.rows(query)[0][0])


def test_a_killed_worker_leaves_no_half_of_an_account(tmp_path: Path) -> None:
    with started(tmp_path / "var") as product:
        before = product.rows("SELECT count(*) FROM documents_document")
        product.rows(MANY)
        assert running.wait_for(lambda: 0 < counted(product, HERS) < DOCUMENTS)

        product.worker("think").kill()
        left = counted(product, HERS)
        product.rows(A_MINUTE_PASSES)
        gone = running.wait_for(lambda: counted(product, SHE) == 0)
        after = product.rows("SELECT count(*) FROM documents_document")

    assert left
    assert gone
    assert after == before
