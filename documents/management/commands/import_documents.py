"""A folder of files into a person's library: what is there already is passed over, so that it can be repeated."""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from documents import actions
from documents.models import Document, Status
from documents.models.document import SETTLED

BAR_CELLS = 30
LOOK_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class Sums:
    """What became of the files."""

    new: list[UUID] = field(default_factory=list)
    there: int = 0
    failed_before: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Puts every file of a folder into a person's library. Files she has already are passed over by their SHA-256: "
        "stop it whenever you like and start it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder; folders in it are looked through too")
        parser.add_argument(
            "--owner", required=True, metavar="EMAIL", help="the e-mail address the person logs in with"
        )
        parser.add_argument(
            "--wait", action="store_true", help="go on until all of them are read, and tell what was not"
        )

    def handle(self, *, folder: Path, owner: str, wait: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder. Give one that holds the files.")
        user = User.objects.filter(email=User.objects.normalize_email(owner)).first()
        if user is None:
            raise CommandError(f"Nobody logs in with {owner}. Check the address, or sign up with it first.")
        sums = self._put_in(user, sorted(_files(folder)), folder)
        if wait:
            self._wait_for(sums)
        self._tell(sums)

    def _put_in(self, owner: User, paths: list[Path], folder: Path) -> Sums:
        sums = Sums()
        for number, path in enumerate(paths, start=1):
            _keep(owner, path, str(path.relative_to(folder)), sums)
            self._bar("Putting in", number, len(paths))
        return sums

    def _wait_for(self, sums: Sums) -> None:
        """Until all new documents are read; their files of their own are not waited for."""
        documents = Document.objects.filter(pk__in=sums.new)
        while (read := documents.filter(status__in=SETTLED).count()) < documents.count():
            self._bar("Reading", read, len(sums.new))
            time.sleep(LOOK_EVERY_SECONDS)
        self._bar("Reading", len(sums.new), len(sums.new))
        failed = documents.filter(status=Status.FAILED).values_list("filename", "error")
        sums.refused += failed

    def _tell(self, sums: Sums) -> None:
        for name, reason in sums.failed_before:
            self.stdout.write(f"{name}: failed before. {reason}")
        for name, reason in sums.refused:
            self.stdout.write(f"{name}: {reason}")
        before = f", {len(sums.failed_before)} failed before" if sums.failed_before else ""
        self.stdout.write(f"{len(sums.new)} put in, {sums.there} there already{before}, {len(sums.refused)} not read.")

    def _bar(self, what: str, done: int, of: int) -> None:
        """One line that is drawn over, on a terminal only."""
        if not sys.stderr.isatty() or not of:
            return
        filled = round(BAR_CELLS * done / of)
        self.stderr.write(f"\r{what} {'█' * filled}{'░' * (BAR_CELLS - filled)} {done} of {of}", ending="")
        if done == of:
            self.stderr.write("")


def _files(folder: Path) -> Iterator[Path]:
    """All files but the hidden ones; links are not followed out of the folder."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _keep(owner: User, path: Path, name: str, sums: Sums) -> None:
    try:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            if _is_there(owner, digest, name, sums):
                return
            handle.seek(0)
            upload = actions.upload(owner=owner, file=File(handle, name=path.name))
    except actions.Refusal as refusal:
        sums.refused.append((name, str(refusal)))
    except OSError as error:
        sums.refused.append((name, f"The file could not be opened ({error.strerror}). Check its rights."))
    else:
        sums.new.append(upload.document.pk)


def _is_there(owner: User, digest: str, name: str, sums: Sums) -> bool:
    """Whether she has the file, read or to be read, or failed in a run before this one. One in the bin is put in
    again."""
    document = Document.objects.visible_to(owner).filter(sha256=digest).first()
    if document is None:
        return False
    if document.status == Status.FAILED and document.pk not in sums.new:
        sums.failed_before.append((name, document.error))
    else:
        sums.there += 1
    return True
