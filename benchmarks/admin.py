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


# Django is imported where it is used: its settings are those of the servers that are started here first.
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


def times() -> dict[str, dict[str, int]]:
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
            "least_ms": round(min(spent)),
            "queries": len(made),
            "slowest_query_ms": round(1000 * float(slowest["time"])),
        }
        if "SHOW" in os.environ:
            print(name, found[name], slowest["sql"][:600], file=sys.stderr)
    return found


def fill(rows: int) -> None:
    """A house with 2,000 people and a year behind it; each kind has a fifth of the rows, documents a fifteenth."""
    from django.db import connection

    statements = Path(__file__).with_suffix(".sql").read_text()
    for name, number in {"each": rows // 5, "documents": rows // 15, "people": PEOPLE}.items():
        statements = statements.replace(f":{name}", str(number))
    with connection.cursor() as cursor:
        cursor.execute(statements)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
