"""Why a file could not be read. Trying the same file again cannot help."""

from enum import StrEnum


class Code(StrEnum):
    """What was wrong, for programs; the message of the exception says it to people."""

    EMPTY_FILE = "empty_file"
    UNSUPPORTED_TYPE = "unsupported_type"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TIMED_OUT = "timed_out"
    NO_TEXT = "no_text"


DAMAGED = (
    "The file is damaged and could not be read. Open it in the program it comes from, save it again under a new name "
    "and upload that."
)
CRASHED = (
    "The file stopped the program that reads it: it is damaged, or needs more memory than one document may use. Open "
    "it in the program it comes from, save it again or in smaller parts, and upload those."
)
TOO_MUCH_MEMORY = (
    "The file needs more memory than one document may use. Split it into smaller files and upload them one by one."
)
TOO_SLOW = "Reading the file took too long and was stopped. Split it into smaller files and upload them one by one."
PAGE_CRASHED = (
    "This page stopped the program that reads it: it is damaged, or drawn in a way that is not understood. Read it "
    "again, or upload the page as a picture."
)
PAGE_TOO_LARGE = (
    "This page needs more memory than one page may use. Upload it as a smaller picture, or print the file as a new PDF."
)
PAGE_TOO_SLOW = "Reading this page took too long and was stopped. Try to read it again, or upload it as a picture."
PAGE_ILLEGIBLE = (
    "The letters on this page could not be made out. It may be handwriting, a photograph, or in a language this server "
    "is not set to recognise (OCR_LANGUAGE)."
)
PAGE_WITHOUT_WORDS = (
    "Nothing on this page could be read as text. It may be a photograph, a drawing or handwriting, or in a language "
    "this server is not set to recognise (OCR_LANGUAGE)."
)
PAGE_PICTURE_DAMAGED = (
    "The picture on this page is damaged and cannot be shown, so nothing could be read. Scan the page again, or upload "
    "it as a picture."
)
DAMAGED_PICTURE = (
    "This picture is damaged and cannot be opened. Open it in a picture program, save it again and upload that."
)
NOT_TRIED = "So many pages before this one could not be read that it was not tried. Try to read it again."
NO_TEXT = "There is no text in this file. Check that it is the right one."
NO_WORDS = "It was read, and there are no words in it: nothing can be searched, asked or analysed."


class UnreadableFile(Exception):
    """A file that cannot be read; the message names the cause and the next step, and is fit for the owner.

    `detail` is for the log: a kind of error and a place in the code, never anything of the file. `resumable` says that
    the trouble was with one page, and the others may be read without it.
    """

    def __init__(self, code: Code, message: str, *, detail: str = "", resumable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail
        self.resumable = resumable


def too_many_pixels(most: int) -> str:
    return (
        f"This picture has more than {most / 1_000_000:g} megapixels, the most that are read of one page. "
        "Save it smaller, at a lower resolution, and upload that."
    )
