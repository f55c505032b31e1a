"""E-mails as they are sent."""

import base64
from collections.abc import Sequence
from pathlib import Path

import pytest

from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import DEFAULT, Limits
from documents.reading.parsers import eml
from documents.values import Part, ReadDocument
from tests.reading import files
from tests.reading.reading import blocks, contents, read_with

HEADER = (
    "From: Alice <alice@example.org>\nTo: Bob <bob@example.org>\nDate: Mon, 6 May 2024 10:00:00 +0200\nSubject: Rent\n"
)
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
PAGE = "Content-Type: text/html; charset=utf-8\n\n"


def mail(*parts: str, kind: str = "mixed", header: str = HEADER) -> str:
    """A message of these parts."""
    body = "".join(f"--=edge\n{part}\n" for part in parts)
    return f'{header}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="=edge"\n\n{body}--=edge--\n'


def attached(data: bytes, said: str, disposition: str = "attachment") -> str:
    packed = base64.encodebytes(data).decode()
    return f"{said}\nContent-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n{packed}"


def kept(folder: Path, source: str | bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def parsed(folder: Path, source: str | bytes, limits: Limits = DEFAULT) -> ReadDocument:
    return read_with(eml.parse, kept(folder, source), limits)


def pages(document: ReadDocument) -> list[tuple[str, str]]:
    return [(page.label, document.text[page.start : page.end]) for page in document.pages]


def reasons(document: ReadDocument) -> dict[str, str]:
    return {part.name: part.reason for part in document.parts}


def test_the_header_and_the_text_are_pages(tmp_path: Path) -> None:
    document = parsed(tmp_path, f"Received: from a\n by b\n{HEADER}X-Mailer: x\n\nThe rent is 900.\n\nBest, Alice\n")

    assert document.title == "Rent"
    assert pages(document) == [
        (
            "Header",
            "From: Alice <alice@example.org>\nTo: Bob <bob@example.org>\nDate: Mon, 6 May 2024 10:00:00 +0200\n"
            "Subject: Rent",
        ),
        ("Message", "The rent is 900.\n\nBest, Alice"),
    ]
    assert [block.kind.value for block in document.blocks] == ["table_row"] * 4 + ["paragraph"] * 2


def test_header_words_are_decoded(tmp_path: Path) -> None:
    subject = "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\n =?utf-8?b?IGFuIGFsbGU=?="
    source = f"From: =?utf-8?q?J=C3=B6rn?= <j@example.org>\n{subject}\n\nHi\n"

    document = parsed(tmp_path, source)

    assert blocks(document)[:2] == ["From: Jörn <j@example.org>", "Subject: Grüße an alle"]


@pytest.mark.parametrize(
    ("said", "packed"),
    [
        ("charset=iso-8859-1", "Größe".encode("latin-1")),
        ("charset=utf-8", "Größe".encode()),
        ("charset=us-ascii", "Größe".encode()),
        ("charset=utf-8", "Größe der Räume über dem Flur".encode("cp1252")),
        ("charset=iso-8859-1", "Größe".encode()),
        ("charset=x-unheard-of", "Größe".encode()),
        ('charset="utf-8', "Größe".encode()),
        ("", "Größe".encode()),
    ],
)
def test_a_text_is_decoded_even_when_its_charset_is_a_lie(tmp_path: Path, said: str, packed: bytes) -> None:
    source = f"{HEADER}Content-Type: text/plain; {said}\nContent-Transfer-Encoding: 8bit\n\n".encode() + packed

    assert pages(parsed(tmp_path, source))[1][1].startswith("Größe")


@pytest.mark.parametrize(
    ("packing", "packed"),
    [
        ("quoted-printable", "Der Preis ist 9=E2=82=AC=\n genau."),
        ("quoted-printable", "Der Preis ist 9€ genau.="),
        ("base64", base64.encodebytes("Der Preis ist 9€ genau.".encode()).decode()),
        ("base64 ", base64.encodebytes("Der Preis ist 9€ genau.".encode()).decode().rstrip("=\n")),
        ("BASE64;", base64.encodebytes("Der Preis ist 9€ genau.".encode()).decode()),
        ("8bits", "Der Preis ist 9€ genau."),
    ],
)
def test_packed_texts_are_unpacked_even_when_damaged(tmp_path: Path, packing: str, packed: str) -> None:
    source = f"{HEADER}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {packing}\n\n{packed}"

    assert pages(parsed(tmp_path, source))[1][1] == "Der Preis ist 9€ genau."


def test_of_two_ways_to_say_the_same_one_is_shown(tmp_path: Path) -> None:
    source = mail(f"{PLAIN}The rent is 900.", f"{PAGE}<p>The <b>rent</b> is 900.</p>", kind="alternative")

    assert pages(parsed(tmp_path, source))[1:] == [("Message", "The rent is 900.")]


def test_a_page_that_says_more_than_the_plain_text_is_shown_too(tmp_path: Path) -> None:
    source = mail(f"{PLAIN}Please use another program.", f"{PAGE}<p>The rent is 900.</p>", kind="alternative")

    assert pages(parsed(tmp_path, source))[1:] == [
        ("Message", "Please use another program."),
        ("Part 3", "The rent is 900."),
    ]


def test_a_page_takes_the_place_of_an_empty_text(tmp_path: Path) -> None:
    source = mail(f"{PLAIN} \n", f"{PAGE}<p>The rent is 900.</p>", kind="alternative")

    assert pages(parsed(tmp_path, source))[1:] == [("Message", "The rent is 900.")]


def test_words_hidden_in_a_page_do_not_make_it_say_more(tmp_path: Path) -> None:
    page = f"{PAGE}<p style='display:none'>ignore all of this preview</p><p>The rent is 900.</p>"

    document = parsed(tmp_path, mail(f"{PLAIN}The rent is 900.", page, kind="alternative"))

    assert len(document.pages) == 2


def test_further_texts_are_pages_of_their_own(tmp_path: Path) -> None:
    source = mail(f"{PLAIN}First.", f"{PLAIN}Second.", "Content-Type: text/calendar; name=i.ics\n\nBEGIN:VCALENDAR\n")

    labels = [label for label, _ in pages(parsed(tmp_path, source))]

    assert labels == ["Header", "Message", "Part 3", "Part 4"]


def test_attachments_that_can_be_read_come_with_their_bytes(tmp_path: Path) -> None:
    letter = files.pdf(files.Sheet())
    source = mail(f"{PLAIN}See below.", attached(letter, 'Content-Type: application/octet-stream; name="lease.pdf"'))

    document = parsed(tmp_path, source)

    assert document.parts == (Part("lease.pdf", len(letter), "application/pdf"),)
    assert contents(eml.parse, kept(tmp_path, source)) == {"lease.pdf": letter}
    assert pages(document)[0][1].endswith(f"Attachments\n\nlease.pdf — {len(letter) / 1000:.1f} KB")


def test_attachments_that_cannot_be_read_come_with_a_reason(tmp_path: Path) -> None:
    source = mail(
        f"{PLAIN}See below.",
        attached(b"MZ\x90\x00\x03" + bytes(60), "Content-Type: application/octet-stream; name=setup.exe"),
        attached(b"", "Content-Type: application/pdf; name=nothing.pdf"),
        attached(b"\x78\x9f\x3e\x22" + bytes(60), "Content-Type: application/ms-tnef; name=winmail.dat"),
        attached(b"0\x80\x06\x09", "Content-Type: application/pkcs7-signature; name=smime.p7s"),
    )

    found = reasons(parsed(tmp_path, source))

    assert found["setup.exe"] == "This file looks like a program."
    assert found["nothing.pdf"] == "It is empty."
    assert "only Outlook opens" in found["winmail.dat"]
    assert "signature" in found["smime.p7s"]


def test_pictures_inside_the_text_are_listed_as_such(tmp_path: Path) -> None:
    picture = attached(files.PNG, "Content-Type: image/png; name=a.png\nContent-ID: <a@b>", disposition="inline")
    page = f"{PAGE}<p>Look: <img src='cid:a@b'></p>"

    document = parsed(tmp_path, mail(page, picture, kind="related"))

    assert reasons(document) == {"a.png": "It is a picture inside the text of the message."}
    assert "a.png" not in document.text


def test_a_message_passed_on_is_read_where_it_stands(tmp_path: Path) -> None:
    inner = (
        "Content-Type: message/rfc822\n\nFrom: Carol <carol@example.org>\nSubject: Keys\n\nThe keys are at the door.\n"
    )

    document = parsed(tmp_path, mail(f"{PLAIN}For you.", inner))

    assert pages(document)[2] == (
        "Message inside",
        "From: Carol <carol@example.org>\nSubject: Keys\n\nThe keys are at the door.",
    )


def test_a_message_sent_as_a_file_is_a_document_of_its_own(tmp_path: Path) -> None:
    inner = (
        "Content-Type: message/rfc822\nContent-Disposition: attachment\n\n"
        "From: Carol <carol@example.org>\nSubject: Keys\n\nThe keys are at the door.\n"
    )
    source = mail(f"{PLAIN}For you.", inner)

    document = parsed(tmp_path, source)

    assert [(part.name, part.media_type) for part in document.parts] == [("Keys.eml", "message/rfc822")]
    assert b"The keys are at the door." in contents(eml.parse, kept(tmp_path, source))["Keys.eml"]


def test_a_packed_message_is_unpacked(tmp_path: Path) -> None:
    inner = base64.encodebytes(b"From: Carol <c@example.org>\nSubject: Keys\n\nAt the door.\n").decode()
    source = f"{HEADER}Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}"

    assert "At the door." in parsed(tmp_path, source).text


def test_a_mailbox_is_read_whole_and_that_is_told(tmp_path: Path) -> None:
    box = (
        f"From alice Mon May 6 10:00:00 2024\n{HEADER}\nFirst.\n\nFrom bob Mon May 6 11:00:00 2024\n{HEADER}\nSecond.\n"
    )

    document = parsed(tmp_path, box)

    assert "First." in document.text
    assert "Second." in document.text
    assert document.notes == ("This is a mailbox with 2 e-mails: all of them were read as one document.",)


def test_an_encrypted_message_says_so(tmp_path: Path) -> None:
    sealed = attached(b"0\x80", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")

    document = parsed(tmp_path, mail(sealed))

    assert "encrypted" in reasons(document)["smime.p7m"]
    assert document.notes == ("The text of this e-mail is encrypted and could not be read.",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_message_saved_in_another_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert "Größe" in parsed(tmp_path, f"{HEADER}\nGröße".encode(encoding)).text


BROKEN: Sequence[str | bytes] = [
    "Subject: =?utf-8?b?!!!?= =?x?q?a?=\nContent-Type: ;;;\n\nWords stay.",
    "Content-Type: multipart/mixed\n\nWords stay.",
    'Content-Type: multipart/mixed; boundary="never"\n\nWords stay.',
    'Content-Type: multipart/mixed; boundary="open\n end"\n\n--open end\n\nWords stay.',
    "Content-Type: text/plain; charset*=x''%ff\nContent-Disposition: ;filename*0*=\n\nWords stay.",
    "Content-Type: text/plain\nTo: \x00\x01 <@@>,;:\nFrom: (((\n\nWords stay.",
    "no header at all\n\nWords stay.",
    b"Subject: \xff\xfe\xfd\nFrom: \x80\n\nWords stay.",
    "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nSubject: x\n\nWords stay.",
]


@pytest.mark.parametrize("source", BROKEN)
def test_broken_rules_lose_no_words(tmp_path: Path, source: str | bytes) -> None:
    assert "Words stay." in parsed(tmp_path, source).text


def test_messages_in_messages_without_end_are_read_as_far_as_it_goes(tmp_path: Path) -> None:
    document = parsed(tmp_path, HEADER + "\n" + "Content-Type: message/rfc822\n\n" * 60 + "Subject: deep\n\nwords")

    assert document.pages


def test_parts_in_parts_without_end_are_refused_with_words(tmp_path: Path) -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(2_000))

    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, HEADER + nested)

    assert "parts in parts" in str(refused.value)


def test_a_header_made_to_be_slow_is_read_at_once(tmp_path: Path) -> None:
    document = parsed(tmp_path, "Subject: " + "=?utf-8?q?=20?= " * 100_000 + "\n\nwords")

    assert document.text.endswith("words")


@pytest.mark.parametrize(
    ("part", "code"), [(f"{PLAIN}words", Code.TOO_MANY_PAGES), (attached(b"x", "X: y"), Code.TOO_LARGE)]
)
def test_more_than_a_document_may_hold_is_refused(tmp_path: Path, part: str, code: Code) -> None:
    with pytest.raises(UnreadableFile) as refused:
        parsed(tmp_path, mail(part, part, part), Limits(pages=3, archive_members=2))

    assert refused.value.code == code


def test_more_attachments_than_are_read_are_listed(tmp_path: Path) -> None:
    source = mail(*(attached(b"words", f"Content-Type: text/plain; name={name}.txt") for name in "abc"))

    found = reasons(parsed(tmp_path, source, Limits(parts=2)))

    assert [bool(reason) for reason in found.values()] == [False, False, True]


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "rot13"])
def test_a_charset_that_no_text_is_kept_in_is_not_believed(tmp_path: Path, charset: str) -> None:
    mail = f'Subject: Hello\r\nContent-Type: text/plain; charset="{charset}"\r\n\r\nTrès bien, merci \\u0041'

    assert "Très bien, merci \\u0041" in parsed(tmp_path, mail.encode()).text
