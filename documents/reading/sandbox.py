"""Reads and sniffs at files in processes of their own, with limits on all they may use."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from time import monotonic

import orjson

from documents.reading import binding, language, nursery, ocr_data, reports
from documents.reading.draft import check_size
from documents.reading.errors import (
    NO_WORDS,
    NOT_TRIED,
    PAGE_CRASHED,
    PAGE_TOO_LARGE,
    PAGE_TOO_SLOW,
    PAGE_WITHOUT_WORDS,
    TOO_MUCH_MEMORY,
    Code,
    UnreadableFile,
)
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import registry
from documents.reading.progress import Progress, unheard
from documents.reading.reports import Report
from documents.values import UNREAD, Leaf, PageKind, Part, ReadDocument

# Takes a file inside of the file, and its contents in pieces.
Keep = Callable[[Part, Iterator[bytes]], None]
_HEADER_BYTES = 5
_SNIFF_SECONDS = 20.0
_DRAW_SECONDS, _PICTURE_BYTES = 20.0, 50_000_000


def read(
    path: Path,
    filename: str,
    limits: Limits = DEFAULT,
    on_progress: Progress = unheard,
    keep: Keep | None = None,
) -> ReadDocument:
    """The document in the file, or UnreadableFile with words for its owner; whatever the file is, it ends in time.

    A page that stops the reading process is put down as unread, and the others are read without it.
    """
    return _checked(_gather(path, filename, limits, on_progress, keep).document())


def read_pages(path: Path, filename: str, limits: Limits, on_progress: Progress = unheard) -> list[Leaf]:
    """The pages `limits.pages_wanted` alone, also when none of them could be read."""
    return list(_gather(path, filename, limits, on_progress, None).leaves.values())


def _gather(path: Path, filename: str, limits: Limits, on_progress: Progress, keep: Keep | None) -> "_Gathered":
    gathered = _Gathered(limits, on_progress)
    ended = False
    while not ended:
        try:
            for report in _reports("read", path, filename, gathered.next_limits(), keep):
                gathered.take(report)
            ended = True
        except UnreadableFile as error:
            if not gathered.goes_on_after(error):
                raise
            ended = gathered.complete
    return gathered


def sniff(path: Path, filename: str, limits: Limits = DEFAULT) -> registry.Format:
    """What the file is, from its bytes; UnreadableFile when it is nothing that is read."""
    brief = replace(limits, wall_seconds=min(limits.wall_seconds, _SNIFF_SECONDS))
    for report in _reports("sniff", path, filename, brief, None):
        if report.sniffed:
            return _format(report.sniffed.format)
    raise reports.broken("no format")


def draw(path: Path, filename: str, limits: Limits) -> bytes:
    """The one page of `limits.pages_wanted` as a PNG, `limits.picture_width` pixels wide; UnreadableFile when it cannot
    be drawn."""
    brief = replace(limits, wall_seconds=_DRAW_SECONDS, output_bytes=_PICTURE_BYTES)
    for report in _reports("draw", path, filename, brief, None):
        if report.picture is not None:
            return report.picture
    raise reports.broken("no picture")


def probe(name: str, limits: Limits = DEFAULT) -> str:
    """What became of an attempt at a wall, see `probes`."""
    for report in _reports("probe", Path("/dev/null"), name, limits, None):
        if report.probed is not None:
            return report.probed
    raise reports.broken("no outcome")


def _format(name: str) -> registry.Format:
    return next(format_ for format_ in registry.FORMATS if format_.name == name)


def _checked(document: ReadDocument) -> ReadDocument:
    """The document with its language. One that has no words says so; of lost pages alone there is none."""
    if document.text or document.parts:
        return replace(document, language=language.detect(document.text))
    # A page that shows no words was read as far as it can be: its original is worth keeping.
    lost = sorted({page.reason for page in document.pages if page.kind in UNREAD} - {PAGE_WITHOUT_WORDS})
    if lost:
        raise UnreadableFile(Code.NO_TEXT, f"No page of this file could be read. {lost[0]}")
    return replace(document, notes=(*document.notes, NO_WORDS))


@dataclass(slots=True)
class _Gathered:
    """What was read so far, over as many reading processes as it takes."""

    limits: Limits
    on_progress: Progress
    format: registry.Format | None = None
    expected: int = 0
    leaves: dict[int, Leaf] = field(default_factory=dict)
    title: str = ""
    notes: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    length: int = 0
    restarts: int = 0

    def next_limits(self) -> Limits:
        """For the next reading process: what is still wanted."""
        return replace(self.limits, pages_wanted=tuple(self._missing())) if self.leaves else self.limits

    def take(self, report: Report) -> None:
        if report.sniffed:
            self.format = _format(report.sniffed.format)
            self._add_note(report.sniffed.note)
        elif report.expected:
            self.expected = report.expected
        elif report.leaf:
            self._add_leaf(report.leaf)
        elif report.part:
            self.parts.append(report.part)
        else:
            self.title = report.title or self.title
            self._add_note(report.note or "")

    def goes_on_after(self, error: UnreadableFile) -> bool:
        """Puts the page at fault down as unread. False when the fault is not one page's, or nothing is left."""
        missing = self._missing()
        if not error.resumable or not self.format or not self.format.is_paged or len(missing) < 1 or self._all < 2:
            return False
        self.restarts += 1
        self._add_leaf(_unread(missing[0], error))
        if self.restarts > self.limits.restarts:
            for number in missing[1:]:
                self._add_leaf(Leaf(number, PageKind.UNREADABLE, reason=NOT_TRIED))
        return any(leaf.text for leaf in self.leaves.values()) or bool(self._missing())

    @property
    def complete(self) -> bool:
        return bool(self.leaves) and not self._missing()

    def document(self) -> ReadDocument:
        leaves = [self.leaves[number] for number in sorted(self.leaves)]
        if not leaves:
            raise reports.broken("no pages")
        return binding.bind(leaves, title=self.title, notes=self.notes, parts=self.parts)

    def _missing(self) -> list[int]:
        wanted = self.limits.pages_wanted or range(1, self.expected + 1)
        return [number for number in wanted if number not in self.leaves]

    def _add_leaf(self, leaf: Leaf) -> None:
        if leaf.number in self.leaves:
            raise reports.broken("a page twice")
        self.length += len(leaf.text)
        check_size(self.length, self.limits.text_chars)
        self.leaves[leaf.number] = leaf
        self.on_progress(len(self.leaves), max(self._all, len(self.leaves)))

    @property
    def _all(self) -> int:
        return len(self.limits.pages_wanted) or self.expected

    def _add_note(self, note: str) -> None:
        if note and note not in self.notes:
            self.notes.append(note)


_REASONS = {
    Code.TIMED_OUT: (PageKind.UNREADABLE, PAGE_TOO_SLOW),
    Code.TOO_LARGE: (PageKind.TOO_LARGE, PAGE_TOO_LARGE),
}


def _unread(number: int, error: UnreadableFile) -> Leaf:
    kind, reason = _REASONS.get(error.code, (PageKind.UNREADABLE, PAGE_CRASHED))
    return Leaf(number, kind, reason=reason)


def _reports(task: str, path: Path, filename: str, limits: Limits, keep: Keep | None) -> Iterator[Report]:
    """What one reading process says, checked. The bytes of parts go to `keep`, or nowhere."""
    with nursery.child(_order(task, path, filename, limits)) as child:
        frames = _Frames(child, limits)
        for report in frames.reports():
            if report.refused:
                raise _refusal(report.refused)
            if report.part and not report.part.reason:
                frames.hand_over(report.part, keep)
            yield report
            if report.end or report.probed is not None:
                return
        raise child.death()


def _order(task: str, path: Path, filename: str, limits: Limits) -> bytes:
    # The ending is all of the name that matters to a parser; probes are named in full.
    name = filename if task == "probe" else f"file{PurePath(filename).suffix[:20]}"
    order = {"task": task, "path": str(path.resolve(strict=True)), "filename": name, "limits": asdict(limits)}
    return orjson.dumps(order | {"readable": [str(folder) for folder in ocr_data.folders()]})


def _refusal(refused: reports.Refusal) -> UnreadableFile:
    return UnreadableFile(refused.code, refused.message, detail=refused.detail, resumable=refused.resumable)


class _Frames:
    """The frames a child writes, within the limits of time, length and number."""

    def __init__(self, child: nursery.Child, limits: Limits) -> None:
        self._limits = limits
        self._frames = self._read(child)
        self._words = b""
        self._parts = self._part_bytes = 0

    def reports(self) -> Iterator[Report]:
        for kind, data in self._frames:
            if kind == b"W":
                self._words = data
            elif kind == b"J":
                yield self._with_words(reports.parsed(data, self._limits))
            elif kind == b"P":
                reports.check_picture(data, self._limits)
                yield Report(picture=data)
            else:
                raise reports.broken("a piece of nothing")

    def hand_over(self, part: Part, keep: Keep | None) -> None:
        """The pieces that follow are the contents of the part."""
        self._parts += 1
        self._part_bytes += part.size
        if self._parts > self._limits.parts or self._part_bytes > self._limits.unpacked_bytes:
            raise reports.broken("more parts than a document may have")
        pieces = self._pieces(part.size)
        if keep is not None:
            keep(part, pieces)
        for _ in pieces:
            # Whoever keeps the part may stop early; what is left is not for the next report.
            continue

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size > 0:
            kind, data = next(self._frames, (b"", b""))
            if kind != b"B" or not 0 < len(data) <= size:
                raise reports.broken("a part is shorter or longer than it said")
            size -= len(data)
            yield data

    def _with_words(self, report: Report) -> Report:
        if report.leaf is None:
            return report
        leaf = replace(report.leaf, words=self._words)
        self._words = b""
        reports.check_words(leaf)
        return replace(report, leaf=leaf)

    def _read(self, child: nursery.Child) -> Iterator[tuple[bytes, bytes]]:
        buffer = bytearray()
        taken = 0
        for chunk in child.chunks(_patience(self._limits)):
            taken += len(chunk)
            if taken > self._limits.output_bytes:
                raise UnreadableFile(Code.TOO_LARGE, TOO_MUCH_MEMORY, detail="output beyond the limit")
            buffer += chunk
            yield from _whole(buffer)


def _whole(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """The frames that have come whole, taken out of the buffer."""
    start = 0
    while len(buffer) >= start + _HEADER_BYTES:
        end = start + _HEADER_BYTES + int.from_bytes(buffer[start + 1 : start + _HEADER_BYTES], "little")
        if len(buffer) < end:
            break
        yield bytes(buffer[start : start + 1]), bytes(buffer[start + _HEADER_BYTES : end])
        start = end
    del buffer[:start]


def _patience(limits: Limits) -> Callable[[], float]:
    """How long the next page may take: so long, and no longer than is left for the whole file."""
    until = monotonic() + limits.total_seconds
    return lambda: min(limits.wall_seconds, until - monotonic())
