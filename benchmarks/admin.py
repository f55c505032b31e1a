"""How long the pages of staff take over millions of rows, and how many queries each makes.

python -m benchmarks.admin [ROWS]   ROWS: of jobs, calls, passages, citations and analyses, together (default 1,500,000)

Runs alone, on servers of its own that are gone afterwards. The rows are written by the database itself.
"""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

PAGES = {
    "start": "/admin/",
    "start, the part that refreshes": "/admin/",
    "jobs": "/admin/documents/job/",
    "jobs, page 200": "/admin/documents/job/?p=200",
    "jobs, quarantined": "/admin/documents/job/?state__exact=quarantined",
    "jobs, waiting": "/admin/documents/job/?state__exact=queued",
    "jobs, a kind that is rare": "/admin/documents/job/?kind__exact=batch",
    "jobs, of today": "/admin/documents/job/?created_at__gte={today}",
    "jobs, of a person": "/admin/documents/job/?q=person77@",
    "documents": "/admin/documents/document/",
    "documents, not readable": "/admin/documents/document/?status__exact=failed",
    "documents, some pages unread": "/admin/documents/document/?unread=pages",
    "documents, of a person": "/admin/documents/document/?q=person77@",
    "analyses": "/admin/documents/analysis/",
    "analyses, failed": "/admin/documents/analysis/?status__exact=failed",
    "calls": "/admin/documents/aicall/",
    "calls, of a model": "/admin/documents/aicall/?model=claude-haiku-5-5",
    "calls, of a request": "/admin/documents/aicall/?q=req_4711",
    "calls, of this month": "/admin/documents/aicall/?created_at__gte={month}",
    "runs": "/admin/documents/run/",
    "batches": "/admin/documents/batch/",
    "people": "/admin/accounts/user/",
    "tokens": "/admin/accounts/apitoken/",
    "budgets": "/admin/documents/budget/",
    "recipes": "/admin/documents/recipe/",
}
ROUNDS = 7
PEOPLE = 2_000


def main() -> None:
    rows = int(sys.argv[1].replace(",", "")) if sys.argv[1:] else 1_500_000
    from config import embedded

    with tempfile.TemporaryDirectory(prefix="glossa-admin-") as folder:
        var = Path(folder)
        var.chmod(0o711)
        with embedded.running(var / "servers") as servers:
            addresses = servers.addresses
            os.environ.update(DATABASE_URL=addresses.database_url, REDIS_URL=addresses.redis_url, VAR_DIR=str(var))
            os.environ.update(SECRET_KEY="x" * 50, ALLOWED_HOSTS="localhost", HTTPS="false", ENV_FILE=os.devnull)
            print(json.dumps(measured(rows), indent=1))


def measured(rows: int) -> dict[str, object]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = perf_counter()
    fill(rows)
    filled = perf_counter() - begun
    return {"rows": rows, "filled_s": round(filled), "pages": times()}


def times() -> dict[str, dict[str, float]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("admin@example.org", "x"))
    now = timezone.now()
    found = {}
    for name, address in PAGES.items():
        address = address.format(today=f"{now:%Y-%m-%d}T00:00:00Z", month=f"{now:%Y-%m}-01T00:00:00Z")
        headers = {"HX-Request": "true"} if "part" in name else {}
        spent = []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, headers=headers).status_code == 200, address
        made = queries.captured_queries
        for _ in range(ROUNDS):
            begun = perf_counter()
            client.get(address, headers=headers)
            spent.append(1000 * (perf_counter() - begun))
        slowest = max(made, key=lambda one: float(one["time"]))
        found[name] = {
            "ms": round(statistics.median(spent)),
            "queries": len(made),
            "slowest_query_ms": round(1000 * float(slowest["time"])),
        }
        if "SHOW" in os.environ:
            print(name, found[name], slowest["sql"][:600], file=sys.stderr)
    return found


def fill(rows: int) -> None:
    """A house with 2,000 people and a year behind it; each kind has a fifth of the rows, documents a fifteenth."""
    from django.db import connection

    numbers = {"each": rows // 5, "documents": rows // 15, "people": PEOPLE}
    with connection.cursor() as cursor:
        for statement in FILL.split(";"):
            if statement.strip():
                cursor.execute(statement % numbers)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("VACUUM ANALYZE")


FILL = """
INSERT INTO accounts_user (password, is_superuser, email, name, is_staff, is_active, date_joined)
SELECT '', false, 'person' || i || '@example.org', 'Person ' || i, false, true, now() FROM generate_series(1, %(people)d) i;

INSERT INTO documents_budget (owner_id, monthly_usd)
SELECT id, 20 FROM accounts_user WHERE id %% 3 = 0;

INSERT INTO documents_document (id, owner_id, title, filename, file, sha256, size, media_type, content, content_sha256,
  language, status, progress, page_count, unread_pages, pages_read, unread, notes, hidden_text, depth, error_code, error,
  created_at, updated_at)
SELECT md5('document' || i)::uuid, 1 + i %% %(people)d, 'Lease ' || i, 'lease.pdf', 'originals/x', md5(i::text) || md5(i::text), 120000 + i,
  'application/pdf', repeat('The rent is due on the first day. ', 40), 'x', 'en',
  CASE WHEN i %% 50 = 0 THEN 'failed' ELSE 'ready' END, 1, 12, '[]', 12,
  CASE WHEN i %% 60 = 1 THEN '[{"page": 2, "kind": "unreadable", "reason": "x"}]'::jsonb ELSE '[]'::jsonb END, '[]', false, 0,
  CASE WHEN i %% 50 = 0 THEN (ARRAY['damaged', 'encrypted', 'no_text'])[1 + i %% 3] ELSE '' END,
  CASE WHEN i %% 50 = 0 THEN 'The file is damaged.' ELSE '' END, moment, moment
FROM generate_series(1, %(documents)d) i, LATERAL (SELECT now() - (%(documents)d - i) * interval '365 days' / %(documents)d AS moment);

INSERT INTO documents_run (id, owner_id, name, not_urgent, created_at)
SELECT md5('run' || i)::uuid, 1 + i %% %(people)d, 'Rents', false, now() - (5000 - i) * interval '1 hour' FROM generate_series(1, 5000) i;

INSERT INTO documents_job (kind, subject, owner_id, state, attempts, fence, lease_until, run_after, progress, options, error,
  created_at, finished_at)
SELECT CASE WHEN i %% 20000 = 0 THEN 'batch' ELSE (ARRAY['read', 'analyse', 'answer'])[1 + i %% 3] END, md5('subject' || i)::uuid, 1 + i %% %(people)d,
  state, 1, 1, CASE WHEN state = 'running' THEN now() + interval '1 minute' END, moment, 1, '{}',
  CASE WHEN state IN ('failed', 'quarantined') THEN (ARRAY['The file is damaged and could not be read.', 'The work took too long.',
    'The model has not been answering: ' || i %% 500 || ' overloaded'])[1 + i %% 3] ELSE '' END,
  moment, CASE WHEN state NOT IN ('queued', 'running') THEN moment + interval '20 seconds' END
FROM generate_series(1, %(each)d) i,
  LATERAL (SELECT now() - (%(each)d - i) * interval '365 days' / %(each)d AS moment,
    CASE WHEN i > %(each)d - 20 THEN 'running' WHEN i > %(each)d - 5000 THEN 'queued' WHEN i %% 40 = 0 THEN 'failed'
      WHEN i %% 90 = 1 THEN 'quarantined' ELSE 'done' END AS state);

INSERT INTO documents_analysis (id, owner_id, document_id, inline_text, title, run_id, task, instruction, labels, language, max_tokens,
  status, progress, provider, model, prompt_version, text_sha256, truncated, result, error_code, error, created_at, finished_at)
SELECT md5('subject' || i)::uuid, 1 + i %% %(people)d, md5('document' || 1 + i %% %(documents)d)::uuid, '', 'Lease ' || i,
  md5('run' || 1 + i %% 5000)::uuid, 'summary', '', '[]', '', 2048,
  CASE WHEN i %% 100 = 0 THEN 'failed' ELSE 'done' END, 1, 'claude', 'claude-haiku-5-5', '1', '', false,
  jsonb_build_object('text', repeat('The rent is due. ', 20)), '', CASE WHEN i %% 100 = 0 THEN 'It failed.' ELSE '' END, moment, moment
FROM generate_series(1, %(each)d) i, LATERAL (SELECT now() - (%(each)d - i) * interval '365 days' / %(each)d AS moment);

INSERT INTO documents_citation (analysis_id, ordinal, document_id, title, quote, verified, start, "end", page, boxes, anchor, text_sha256)
SELECT md5('subject' || i)::uuid, 0, md5('document' || 1 + i %% %(documents)d)::uuid, 'Lease', 'The rent is due', true, 0, 15, 1, '[]', '', ''
FROM generate_series(1, %(each)d) i;

INSERT INTO documents_aicall (owner_id, subject, fence, step, provider, model, state, request_id, input_tokens, output_tokens,
  cache_read_tokens, cache_write_tokens, cost, price_version, error_code, created_at)
SELECT 1 + i %% %(people)d, md5('subject' || i)::uuid, 1, 0, 'claude', CASE WHEN i %% 5 = 0 THEN 'claude-haiku-5-5' ELSE 'claude-haiku-4-5-20251001' END,
  'answered', 'req_' || i, 3000, 400, 0, 0, 0.0123, '2026-11', '', now() - (%(each)d - i) * interval '365 days' / %(each)d
FROM generate_series(1, %(each)d) i;

INSERT INTO documents_passage (document_id, owner_id, ordinal, start, "end", pages, heading_path, sentences, text, embedding,
  embedding_model, terms, terms_version)
SELECT md5('document' || 1 + i %% %(documents)d)::uuid, 1 + i %% %(people)d, i / %(documents)d, 0, 100, '{1}', '{}', '[[0, 100]]',
  repeat('The rent is due. ', 6), array_fill(0.05::real, ARRAY[384])::vector::halfvec(384), 'all-MiniLM-L6-v2', '{1:1}/1000000000', '1'
FROM generate_series(1, %(each)d) i
"""


if __name__ == "__main__":
    main()
