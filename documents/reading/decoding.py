"""Bytes of a text file to text, whatever encoding they are in."""

import codecs
import re
from collections import Counter
from itertools import pairwise

from documents.reading.language import detect

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2))
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
# Python calls these encodings of text, but no file is written in them, and some take time with the square of its size.
_NOT_OF_FILES = ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem")
# What declares itself in ASCII is not in UTF-16 or UTF-32; UTF-8 and ASCII were ruled out before.
_NOT_DECLARABLE = (*_NOT_OF_FILES, "ascii", "utf-7", "utf-8", "utf-16", "utf-32")
# As browsers do: who declares the one mostly writes its larger relation.
_MEANT = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B})
_HIGH = re.compile(rb"[\x80-\xff]")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
# Enough to tell an encoding by: so many pieces round bytes that are not ASCII, from all over the file.
_PIECES = 400
_PIECE_BYTES = 120
_EAST_ASIAN_BYTES = 65_536
_WIDE_BYTES = 8_000
# How well the letters of text go together at least; those of pictures and sounds stay below.
_WORDS = 0.4

# With the share of the characters that one is ahead of the next where both read alike.
_SINGLE_BYTE = (
    *(("cp1252", 0.0), ("cp1250", 0.001), ("cp1251", 0.001), ("iso8859-2", 0.002), ("cp1254", 0.003)),
    *(("cp1253", 0.003), ("cp1255", 0.003), ("cp1256", 0.003), ("cp1257", 0.004), ("koi8-u", 0.005)),
    *(("iso8859-7", 0.005), ("iso8859-5", 0.005), ("iso8859-6", 0.005), ("mac-cyrillic", 0.006), ("iso8859-15", 0.02)),
    *(("cp866", 0.05), ("cp874", 0.05), ("iso8859-4", 0.1), ("cp850", 0.14), ("mac-roman", 0.14)),
    *(("cp852", 0.16), ("cp437", 0.16), ("mac-latin2", 0.18)),
)
# The letters outside ASCII of each language, the most frequent first.
_LATIN = {
    "fr": "éèàêçôùâîûœïëæüÿ",
    "de": "üäößéàè",
    "es": "óíáéñúüç",
    "pt": "ãçáéíóêõúâàôü",
    "it": "àèùòéìîó",
    "sv": "äåöéàü",
    "da": "åæøéüö",
    "nb": "åøæéòôü",
    "fi": "äöåéšž",
    "nl": "ëéïèöüóáêç",
    "ca": "àéóèíçòúïü·",
    "is": "áðíéþóöæúý",
    "pl": "ąłężśóćńźäöü",
    "cs": "íáěéřýžčšůúťňďóöü",
    "sk": "áíýéčžúšťľôóňäďŕĺ",
    "hu": "éáőöóíüűúä",
    "sl": "čšžćđ",
    "hr": "čšžćđ",
    "ro": "ăîţşâșț",
    "tr": "ıişüğçöâî",
    "lt": "ėšįąžųūčęä",
    "lv": "āīēšņūļžģķčö",
    "et": "äõüöšž",
}
_NOT_LATIN = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "оаинівтерслкдумпязьбгйчхцжюїшєщфґ",
    "аиоентрсвлкдпмзгъубчщцяжйхшюфь",
    "аоиенрјтсувдкмлпбзгцчшжћђхљњџф",
    "αοιετσνηυρπκμλςάίόέωήγδύχθφώβξζψϊϋΐΰ",
    "יולהאתרמבשנדחעקפסכצגטזםןךףץ",
    "الينمرتوبدعسفةهقحجكشصأطخذضزىئثغظءؤإآ",
    "านรกอเงมยลวดทสต่้ัีบคปิ์หะแชพ็ขจใไโผุูถึำธซศณญฐฎ",
)
_POINTED = re.compile(r"[\u0591-\u05f4\u064b-\u0652\u0e00-\u0e7f]")
_MARKS = frozenset("“”„‚‘’«»‹›–—…•·€£§°ºª®©™¿¡№²³½¼¾×±\xa0،؛؟´")
# Lines are drawn of marks in a row.
_RUN = re.compile(r"([^\x00-\x7f\u2500-\u259f\xa0\xad\xb7–—…•°§])\1{2,}")

_EAST_ASIAN = ("cp949", "euc_jp", "cp932", "gb18030", "big5")
# The common characters of each: the narrower encoding they are in, and its first and last lead byte for them.
_COMMON_HAN = {
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
}
_EAST_ASIAN_MARKS = frozenset("、。，「」『』・！？：；（）《》〈〉【】…—“”‘’～ー\u3000")
_LONE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f](?=[A-Za-z])")
_BLOCKS = (
    (re.compile(r"[\t\n\v\f\r\x1b -@\[-`{-~\xa0-\xbf\u2010-\u206f\u20a0-\u22ff\u2500-\u25ff\ufeff]"), ""),
    (re.compile(r"[A-Za-z\xc0-\u024f\u1e00-\u1eff]"), "latin"),
    (re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"), "han"),
    (re.compile(r"[\uac00-\ud7a3]"), "hangul"),
    (re.compile(r"[\u0400-\u052f]"), "cyrillic"),
    (re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), "greek"),
    (re.compile(r"[\u0590-\u05ff]"), "hebrew"),
    (re.compile(r"[\u0600-\u06ff]"), "arabic"),
    (re.compile(r"[\u0900-\u0dff]"), "indian"),
    (re.compile(r"[\u0e00-\u0e7f]"), "thai"),
    (re.compile(r"[\u10a0-\u10ff\u0530-\u058f]"), "caucasian"),
)


def decode(data: bytes) -> str:
    """The text of the bytes. Bytes that fit no encoding become replacement characters: nothing is left out."""
    return data.decode(encoding_of(data), errors="replace")


def encoding_of(data: bytes) -> str:
    """By mark, by its zeros, by being valid UTF-8, by what the file says of itself, by statistics; in this order."""
    if certain := _marked(data) or _unmarked_wide(data):
        return certain
    if _JAPANESE_ESCAPE.search(data) and not _HIGH.search(data):
        return "iso2022_jp"
    if _is_utf8(data):
        return "utf-8"
    return _declared(data) or _guessed(data)[0]


def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a file can be text: few control characters and, beside zeros, letters in words."""
    if _marked(head) or _unmarked_wide(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * 0.02:
        return False
    return b"\0" not in head or _is_utf8(head) or _guessed(head)[1] >= _WORDS


def is_of_files(encoding: str) -> bool:
    """Whether texts are kept in the encoding: Python has others that only names and programs are written in."""
    return _codec_name(encoding, _NOT_OF_FILES) != ""


def _marked(data: bytes) -> str:
    return next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")


def _is_utf8(data: bytes) -> bool:
    """Nearly all of it is enough: a few damaged characters do not make it another encoding."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may end in the middle of a character; an only one at the very end is rather the é of "café".
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return not data[: error.start].isascii()
        text = data[max(0, error.start - 1_000_000) :][:2_000_000].decode("utf-8", errors="replace")
        return text.count("\ufffd") * 20 <= sum(char > "\x7f" for char in text)
    return True


def _declared(data: bytes) -> str:
    """The encoding the file says it is in, if files are written in it."""
    found = _DECLARED.search(data[:4_096])
    name = _codec_name(found.group(1).decode("ascii"), _NOT_DECLARABLE) if found else ""
    return _MEANT.get(name, name)


def _codec_name(said: str, refused: tuple[str, ...]) -> str:
    """What Python calls the encoding; nothing for one that is unknown, refused or, such as "hex", not of text."""
    try:
        codec = codecs.lookup(said)
    except (LookupError, ValueError):
        return ""
    name = codec.name.replace("_", "-")
    return codec.name if codec._is_text_encoding and not name.startswith(refused) else ""


def _unmarked_wide(data: bytes) -> str:
    """UTF-16 or UTF-32: half of its bytes say the script, and those are control characters in other encodings."""
    sample = data[:_WIDE_BYTES]
    if len(sample) == len(sample.translate(None, _CONTROLS)):
        return ""
    texts = ((sample[: len(sample) // size * size].decode(name, errors="replace"), name) for name, size in _WIDE)
    share, name = max(((_one_script(text), name) for text, name in texts), key=lambda found: found[0])
    return name if share >= 0.95 else ""


def _one_script(text: str) -> float:
    """The share of the characters that are of Latin and one other script, or of none."""
    if len(text) < 4:
        return 0.0
    scripts = Counter(_script(char) for char in text)
    of_none, of_latin, of_no_text = scripts.pop("", 0), scripts.pop("latin", 0), scripts.pop("?", 0)
    script, letters = max(scripts.items(), key=lambda found: found[1], default=("", 0))
    if letters + of_latin < 0.2 * len(text) or (script == "han" and not _is_common_han(text)):
        return 0.0
    return (of_none + of_latin + letters - 2 * of_no_text) / len(text)


def _script(char: str) -> str:
    """Nothing for marks and digits, a question mark for what stands in no text."""
    return next((script for block, script in _BLOCKS if block.match(char)), "?")


def _is_common_han(text: str) -> bool:
    """Whether the older, smaller encoding of some country has the characters; two Latin letters make a rare one."""
    han = "".join(char for char in text if "\u4e00" <= char <= "\u9fff")
    missing = (len(han) - len(han.encode(name, "ignore").decode(name)) for name in ("gb2312", "big5", "cp932"))
    return min(missing) <= 0.03 * len(han)


def _guessed(data: bytes) -> tuple[str, float]:
    """The likeliest encoding, and how well it goes with the bytes: 1 for a text without a flaw, down to below 0."""
    latin, alphabetic = _single_byte(data)
    name, east_asian = _east_asian(data)
    # In KOI8-R, a few words of even length are valid Chinese, though less good Chinese than Russian.
    return (name, east_asian) if east_asian > max(0.55, alphabetic) else (latin, alphabetic)


def _east_asian(data: bytes) -> tuple[str, float]:
    found = _HIGH.search(data)
    sample = data[found.start() :][:_EAST_ASIAN_BYTES] if found else b""
    worths = [(_east_asian_worth(sample, name), name) for name in _EAST_ASIAN]
    worth, name = max(worths, key=lambda scored: scored[0])
    return name, worth


def _east_asian_worth(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, errors="replace")
    chars = [char for char in text if char > "\x7f"]
    if not chars or text.count("\ufffd") > 1 + 0.002 * len(chars):
        return 0.0
    kana = sum("\u3041" <= char <= "\u30fe" for char in chars) / len(chars)
    worth = sum(_char_worth(char, encoding) for char in chars) - 2 * len(_LONE.findall(text))
    # No Japanese is without kana.
    return worth / len(chars) - (0.05 if encoding in ("cp932", "euc_jp") and kana < 0.1 else 0.0)


def _char_worth(char: str, encoding: str) -> float:
    if char in _EAST_ASIAN_MARKS or "\uff01" <= char <= "\uff5e":
        return 1.0
    if "\u3041" <= char <= "\u30fe":
        return 1.05 if encoding in ("cp932", "euc_jp") else 0.0
    if "\uac00" <= char <= "\ud7a3":
        return 1.0 if encoding == "cp949" and char.encode("euc_kr", "ignore") else -1.0
    if "\u4e00" <= char <= "\u9fff":
        return _han_worth(char, encoding)
    return 0.0 if char < "\u3000" and encoding != "gb18030" else -1.0


def _han_worth(char: str, encoding: str) -> float:
    if encoding == "cp949":
        return 0.0
    narrower, first, last = _COMMON_HAN[encoding]
    encoded = char.encode(narrower, "ignore")
    if not encoded:
        return -1.0
    return 1.0 if first <= encoded[0] <= last else -0.5


def _single_byte(data: bytes) -> tuple[str, float]:
    sample = _pieces(data)
    spoken = detect(_HIGH.sub(b"", sample).decode("ascii"))
    worths = [(_worth(sample.decode(name, "replace"), spoken) - unlikely, name) for name, unlikely in _SINGLE_BYTE]
    worth, name = max(worths, key=lambda scored: scored[0])
    return name, worth


def _pieces(data: bytes) -> bytes:
    """The surroundings of bytes that are not ASCII, from all over the file."""
    if len(data) <= _PIECES * _PIECE_BYTES:
        return data
    pieces, end = [], 0
    for number in range(_PIECES):
        found = _HIGH.search(data, max(end, number * len(data) // _PIECES))
        if not found:
            break
        end = found.start() + _PIECE_BYTES // 2
        pieces.append(data[max(0, found.start() - _PIECE_BYTES // 2) : end])
    return b"\n".join(pieces)


def _worth(text: str, spoken: str) -> float:
    """How well the letters outside ASCII go with the language they suit best and with their neighbours."""
    high = Counter(char for char in text if char > "\x7f")
    if not high:
        return 0.0
    marks = sum(_mark_worth(char) * count for char, count in high.items() if not _is_letter(char))
    letters = Counter(char for char in text.lower() if char > "\x7f" and _is_letter(char))
    best = max(
        *(_letters_worth(letters, alphabet) + (code == spoken) * high.total() / 2 for code, alphabet in _LATIN.items()),
        *(_letters_worth(letters, alphabet) for alphabet in _NOT_LATIN),
    )
    return (best + marks - _oddities(text)) / high.total()


def _letters_worth(letters: Counter[str], alphabet: str) -> float:
    fall = 0.7 / len(alphabet)
    places = ((alphabet.find(char), count) for char, count in letters.items())
    return sum((1.0 - fall * place if place >= 0 else -1.0) * count for place, count in places)


def _mark_worth(char: str) -> float:
    if char in _MARKS or "\u2500" <= char <= "\u259f":
        return 0.4
    return -1.0 if char.isprintable() and char != "\ufffd" else -3.0


def _is_letter(char: str) -> bool:
    return char.isalpha() or bool(_POINTED.match(char))


def _oddities(text: str) -> int:
    """How often capitals follow small letters, scripts or lines meet in a word, or a character stands three times."""
    pairs = Counter(pair for pair in pairwise(text) if max(pair) > "\x7f")
    runs = 2 * sum(len(run.group()) for run in _RUN.finditer(text))
    return runs + sum(count for (left, right), count in pairs.items() if _is_odd(left, right))


def _is_odd(left: str, right: str) -> bool:
    if not (left.isalpha() and right.isalpha()):
        return left.isalnum() and (right in ("¿", "¡") or "\u2500" <= right <= "\u259f")
    return (left.islower() and right.isupper()) or (left < "\u0250") != (right < "\u0250")
