"""What has to be done once before the processes start: folders, rows, static files, the first account."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.static_files import collect_if_changed
from documents.actions import first_start


class Command(BaseCommand):
    help = "Migrates the database, collects static files and makes the first account. Safe to repeat."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.MEDIA_ROOT.mkdir(mode=0o700, exist_ok=True)
        if is_behind():
            call_command("migrate", interactive=False, verbosity=0)
        collect_if_changed()
        made = first_start()
        if made is not None:
            self.stdout.write(f"Admin: {made.email} / {made.password}")
            self.stdout.write(f"API token: {made.token}")


def is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
