"""Text comes out as it was written, whatever encoding it is kept in."""

import pytest

from documents.reading.decoding import decode, encoding_of, is_of_files, looks_like_text

WESTERN = ("cp1252", "iso8859-15", "mac-roman", "cp850")
CENTRAL = ("cp1250", "iso8859-2")
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32-be")
SENTENCES = {
    "Après réception du dépôt de garantie, la propriétaire délivre un reçu signé.": WESTERN,
    "Les clés ont été remises à la gérante, qui les a déposées à la mairie.": WESTERN,
    "Die Kündigung muß schriftlich erfolgen und dem Vermieter zugehen.": WESTERN,
    "La señora Núñez firmó el contrato en enero del año pasado en Málaga.": WESTERN,
    "A organização não é responsável pela manutenção das instalações.": WESTERN,
    "O inquilino deverá pagar a renda até ao dia oito de cada mês.": WESTERN,
    "Però la città è più bella quando c'è il sole.": WESTERN,
    "Åsa bor på en gård utanför Växjö och kör själv till jobbet.": WESTERN,
    "Søren købte nogle æbler og pærer på torvet i Århus.": WESTERN,
    "Er sagte: „Die Wohnung kostet 900 €“ – und ging über die Straße.": ("cp1252", "cp1250"),
    "5 € / 20 m², 3°C": ("cp1252",),
    "Un café": ("cp1252",),
    "Zażółć gęślą jaźń, powiedział sąsiad i wyszedł na dwór.": CENTRAL,
    "Umowa może zostać rozwiązana, jeżeli żadna ze stron się temu nie sprzeciwi.": CENTRAL,
    "Nájemce je povinen platit nájemné vždy do pátého dne v měsíci.": CENTRAL,
    "A bérlő köteles a bérleti díjat minden hónap ötödikéig megfizetni.": CENTRAL,
    "Договор вступает в силу со дня его подписания сторонами.": ("cp1251", "koi8-r", "cp866", "mac-cyrillic", *WIDE),
    "Мама мыла раму.": ("cp1251", "koi8-r", *WIDE),
    "Ο μισθωτής υποχρεούται να καταβάλλει το μίσθωμα την πρώτη κάθε μήνα.": ("cp1253", "iso8859-7", *WIDE),
    "Kiracı, kira bedelini her ayın beşinci gününe kadar ödemekle yükümlüdür.": ("cp1254", *WIDE),
    "השוכר ישלם את דמי השכירות בכל אחד לחודש.": ("cp1255", *WIDE),
    "يلتزم المستأجر بدفع الإيجار في اليوم الأول من كل شهر.": ("cp1256", *WIDE),
    "賃借人は毎月末日までに翌月分の賃料を支払うものとする。": ("shift_jis", "euc-jp", "iso2022_jp", *WIDE),
    "承租人应当在每月五日之前支付租金。": ("gb18030", *WIDE),
    "承租人應於每月五日以前支付租金。": ("big5", *WIDE),
    "임차인은 매월 말일까지 다음 달 임대료를 지급하여야 한다.": ("euc-kr", *WIDE),
}
KEPT = [
    pytest.param(words, encoding, id=f"{encoding}-{words[:12]}")
    for words, encodings in SENTENCES.items()
    for encoding in encodings
]
PLAIN_LINE = b"A plain line of words.\n"


@pytest.mark.parametrize(("words", "encoding"), KEPT)
def test_one_sentence_is_enough_to_tell_its_encoding(words: str, encoding: str) -> None:
    assert decode(words.encode(encoding)) == words


@pytest.mark.parametrize(("words", "encoding"), KEPT)
def test_a_longer_text_is_decoded_too(words: str, encoding: str) -> None:
    text = f"{words}\r\n\r\n" * 60

    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("accents", [1, 3_000])
def test_accents_that_come_late_are_seen(accents: int) -> None:
    end = "Die Größe der Räume für die Übergabe.\n" * accents

    text = decode(PLAIN_LINE * 4_000 + end.encode("cp1252"))

    assert text == PLAIN_LINE.decode() * 4_000 + end


def test_a_damaged_character_leaves_the_others_as_they_are() -> None:
    damaged = "Die Größe der Räume für alle. ".encode() * 20 + b"\xff" + "Schön.".encode()

    assert decode(damaged) == "Die Größe der Räume für alle. " * 20 + "\ufffdSchön."


def test_utf8_may_end_in_the_middle_of_a_character() -> None:
    assert encoding_of("Grüße für é".encode()[:-1]) == "utf-8"


def test_two_letters_are_no_chinese_character() -> None:
    data = b"this is \x00 just text of even length\x00 " * 20

    assert decode(data) == data.decode("ascii")


@pytest.mark.parametrize(
    "codec", ["punycode", "idna", "unicode_escape", "hex", "rot13", "undefined", "utf-16", "ascii"]
)
def test_a_page_cannot_declare_what_pages_are_not_written_in(codec: str) -> None:
    words = "Die Größe der Räume für die Übergabe"
    page = f'<meta charset="{codec}"><p>{words}'

    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize(
    ("declared", "words", "written"),
    [
        ("iso-8859-1", "“Rent”", "cp1252"),
        ("gb2312", "朱镕基", "gb18030"),
        ("shift_jis", "①髙橋", "cp932"),
        ("koi8-r", "Мир", "koi8-r"),
    ],
)
def test_a_declaration_is_taken_as_browsers_take_it(declared: str, words: str, written: str) -> None:
    page = f'<meta charset="{declared}"><p>{words}'

    assert decode(page.encode(written)) == page


def test_encodings_of_names_and_programs_are_not_those_of_files() -> None:
    names = ["utf-8", "Windows-1252", "koi8-r", "punycode", "IDNA", "raw_unicode_escape", "base64", "no such", "a\x00b"]

    assert [name for name in names if is_of_files(name)] == ["utf-8", "Windows-1252", "koi8-r"]


@pytest.mark.parametrize(
    "data",
    [
        b"a\x00b " * 3 + b"words " * 200,
        "Größe".encode("cp1252") + b"\x00" + "Die Räume für alle. ".encode("cp1252") * 30,
        "Договор вступает в силу".encode("utf-16-be"),
        "╔════╗\r\n║ Gruß ║\r\n╚════╝\r\n".encode("cp437") * 9 + b"\x1a",
    ],
)
def test_text_with_a_few_odd_characters_looks_like_text(data: bytes) -> None:
    assert looks_like_text(data)


@pytest.mark.parametrize(
    "data", [b"\x00" + b"\xff" * 5_000, b"\x00\x00" + bytes(range(0x80, 0x100)) * 40, bytes(range(256)) * 20]
)
def test_pixels_do_not_look_like_text(data: bytes) -> None:
    assert not looks_like_text(data)
