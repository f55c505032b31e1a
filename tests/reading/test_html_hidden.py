"""Words in web pages that nobody who looks at the page sees."""

import time
from pathlib import Path

import pytest

from documents.reading.parsers import eml, html
from tests.reading.reading import is_quick, read_with

SEEN = "<p>The rent is due.</p>"


def kinds(folder: Path, page: str) -> list[tuple[str, str]]:
    path = folder / "file"
    path.write_text(page, encoding="utf-8")
    document = read_with(html.parse, path)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def hidden(folder: Path, page: str) -> list[str]:
    return [words for kind, words in kinds(folder, page) if kind == "hidden"]


HIDING = [
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "opacity:0",
    "opacity: 0.0 !important",
    "color:#fff",
    "color:white",
    "color:rgb(255, 255, 255)",
    "color:rgb(100% 100% 100% / 100%)",
    "color:#fefefe",
    "color:#ffffff;background:#fff",
    "background-color:#111;color:#111",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "font-size:0",
    "font-size:1px",
    "font-size:1.5pt",
    "font:0/0 a",
    "font-size:0.05em",
    "text-indent:-9999px",
    "text-indent:-999em",
    "position:absolute;left:-9999px",
    "position:fixed; top:-2000px",
    "height:0;overflow:hidden",
    "max-height:0;overflow:hidden",
    "width:0px;overflow:hidden",
    "width:1px;height:1px;overflow-y:hidden",
    "position:absolute;clip:rect(0,0,0,0)",
    "clip:rect(1px 1px 1px 1px)",
    "clip-path:inset(100%)",
    "mso-hide:all",
    "transform:scale(0)",
    r"d\69splay:none",
    "DISPLAY:/* */none",
]
SHOWN = [
    "display:block",
    "opacity:0.5",
    "color:#333",
    "color:#ccc",
    "color:#fff;background:#036",
    "color:#fff;background:url(night.jpg)",
    "color:#fff;background:linear-gradient(#000,#333)",
    "color:#fff;background-color:rgba(0,0,0,.5)",
    "color:#fff;background:var(--brand)",
    "color:var(--white)",
    "color:transparent;-webkit-background-clip:text;background:linear-gradient(red,blue)",
    "font-size:9px",
    "font-size:0.8em",
    "text-indent:-0.25in",
    "position:absolute;left:-20px",
    "position:relative;left:0",
    "height:0",
    "width:100px;overflow:hidden",
    "height:0;padding-bottom:56.25%;overflow:hidden",
    "clip:rect(0,100px,20px,0)",
    "margin-left:-1px",
]


@pytest.mark.parametrize("style", HIDING)
def test_a_style_that_hides_is_found_in_the_element_and_in_a_sheet(tmp_path: Path, style: str) -> None:
    inline = f'{SEEN}<div style="{style.replace("/* */", "")}">Pay <b>nothing</b></div>'
    sheet = f"<style>.x {{ {style} }}</style>{SEEN}<div class=x>Pay <b>nothing</b></div>"

    assert kinds(tmp_path, inline) == [("paragraph", "The rent is due."), ("hidden", "Pay nothing")]
    assert kinds(tmp_path, sheet) == [("paragraph", "The rent is due."), ("hidden", "Pay nothing")]


@pytest.mark.parametrize("style", SHOWN)
def test_a_style_that_only_looks_like_it_hides_nothing(tmp_path: Path, style: str) -> None:
    assert hidden(tmp_path, f'{SEEN}<div style="{style}">Pay</div>') == []
    assert hidden(tmp_path, f"<style>.x {{ {style} }}</style>{SEEN}<div class=x>Pay</div>") == []


@pytest.mark.parametrize(
    "selector",
    [
        *["p", ".x", "#i", "p.x", "P.x.y", "div p", "div > p", "main .x", "[data-a]", 'p[data-a="1"]', "a, .x", "*.x"],
        *["body div > .x:not(:focus):not(:active)", "html .z p", "[class^=x]", "main > div.z > p#i"],
    ],
)
def test_a_rule_is_matched_by_its_selector(tmp_path: Path, selector: str) -> None:
    page = f"<style>{selector}{{display:none}}</style><main><div class=z><p class='x y' id=i data-a=1>Pay</p></div>Rent"

    assert hidden(tmp_path, page) == ["Pay"]


@pytest.mark.parametrize("selector", ["q", ".X", "#j", "p.q", "main > p", ".q p", "p::before", "p:hover", "p >", "> p"])
def test_a_rule_about_something_else_hides_nothing(tmp_path: Path, selector: str) -> None:
    page = f"<style>{selector}{{display:none}}</style><main><div class=z><p class='x y' id=i>Pay</p></div>Rent"

    assert hidden(tmp_path, page) == []


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print {.x{display:none}}",
        "@media (max-width: 600px) {.x{display:none}}",
        "@media screen and (min-width:1px) {.x{display:none}}",
        "@keyframes a {from {opacity:0} .x{opacity:0}}",
        ".x{display:none} .x{display:block}",
        "#i{display:block} .x{display:none}",
        ".x{display:block!important} #i{display:none}",
        "/* .x{display:none} */",
        '.a::after{content:"} .x{display:none}"}',
    ],
)
def test_a_rule_that_does_not_hold_hides_nothing(tmp_path: Path, sheet: str) -> None:
    assert hidden(tmp_path, f"<style>{sheet}</style>{SEEN}<p class=x id=i>Pay</p>") == []


@pytest.mark.parametrize(
    "sheet",
    [
        "@media screen {.x{display:none}}",
        "@media print {.a{color:red}} .x{display:none}",
        "@media only screen, print {.x{display:none}}",
        "@import url(a.css); .x{display:none}",
        "@supports (display:grid) {@media all {.x{display:none}}}",
        "<!-- .x{display:none} -->",
        "} .x{display:none}",
        ".x{display:none",
        ".a{color:red</style><style>.x{display:none}",
        ".x{color:red; &:hover{color:blue} display:none}",
        "@font-face{src:url(a)} .x{display:none}",
    ],
)
def test_a_rule_holds_where_the_page_is_seen_on_a_screen(tmp_path: Path, sheet: str) -> None:
    assert hidden(tmp_path, f"<style>{sheet}</style>{SEEN}<p class=x>Pay</p>") == ["Pay"]


def test_sheets_for_print_and_for_those_without_scripts_are_not_read(tmp_path: Path) -> None:
    page = "<noscript><style>p{display:none}</style></noscript><style media=print>p{display:none}</style>"

    assert kinds(tmp_path, page + SEEN) == [("paragraph", "The rent is due.")]


@pytest.mark.parametrize(
    "around",
    [
        '<div style="background:#000">{}</div>',
        '<div style="background-image:url(night.jpg)">{}</div>',
        "<table><tr><td bgcolor=003366>{}</td></tr></table>",
        "<table background=night.jpg><tr><td>{}</td></tr></table>",
        "<style>body{{background:navy}}</style>{}",
        "<link rel=stylesheet href=a.css><div class=hero>{}</div>",
        "<button>{}</button>",
    ],
)
def test_white_words_on_a_ground_that_may_be_dark_are_seen(tmp_path: Path, around: str) -> None:
    page = around.format('<span style="color:#fff">Pay</span>')

    assert hidden(tmp_path, SEEN + page) == []


def test_white_words_of_old_pages_are_hidden(tmp_path: Path) -> None:
    assert hidden(tmp_path, f"{SEEN}<font color=white>Pay</font> <font color=FFFFFF>all</font>") == ["Pay", "all"]


def test_a_white_box_on_a_dark_page_hides_white_words(tmp_path: Path) -> None:
    page = f'<body bgcolor=black text=white>{SEEN}<div style="background:#fff">Pay</div>'

    assert hidden(tmp_path, page) == ["Pay"]


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("font-size:0", "font-size:14px"), ("visibility:hidden", "visibility:visible"), ("color:#fff", "color:#000")],
)
def test_what_is_shown_again_inside_of_the_hidden_is_seen(tmp_path: Path, outer: str, inner: str) -> None:
    page = f'<div style="{outer}">Pay <i>me</i> <span style="{inner}">The rent is due.</span></div>'

    assert kinds(tmp_path, page) == [("paragraph", "The rent is due."), ("hidden", "Pay"), ("hidden", "me")]


def test_nothing_is_shown_again_inside_of_what_is_not_there(tmp_path: Path) -> None:
    assert hidden(tmp_path, f'{SEEN}<div style="display:none"><p style="display:block">Pay</p></div>') == ["Pay"]


def test_a_link_in_white_words_has_a_colour_of_its_own(tmp_path: Path) -> None:
    page = f'{SEEN}<p style="color:#fff">Pay <a href="x">here</a></p>'

    assert hidden(tmp_path, page) == ["Pay"]


def test_a_cell_with_white_words_keeps_its_place(tmp_path: Path) -> None:
    page = '<table><tr><th>Month<th>Rent<tr style="x:y"><td style="color:#fff">Pay<td>900</table>'

    assert kinds(tmp_path, page)[1:] == [("table_row", "Month: –; Rent: 900"), ("hidden", "Pay")]


def test_the_preview_of_an_e_mail_is_hidden(tmp_path: Path) -> None:
    page = "<style>.pre{max-height:0;overflow:hidden}</style><div class=pre>Open me</div><p>The rent is due.</p>"
    path = tmp_path / "file"
    path.write_text(f"From: a@example.org\nSubject: Rent\nContent-Type: text/html\n\n{page}\n", encoding="utf-8")

    document = read_with(eml.parse, path)

    assert [document.text[b.start : b.end] for b in document.blocks if b.kind.value == "hidden"] == ["Open me"]


HOSTILE = {
    "rules for everything": "<style>" + "*{color:red}" * 50_000 + "</style>" + "<p>words" * 20_000,
    "ancestors without end": "<style>" + "b b b b b b a{color:red}" * 5_000 + "</style>" + "<b>" * 3_000 + "words",
    "children of everything": "<style>" + "q * * * * p{color:red}" * 5_000 + "</style>" + "<b><p>words" * 3_000,
    "blocks in blocks": "<style>" + "@media screen{" * 200_000 + "</style>words",
    "open blocks": "<style>" + "a{" * 200_000 + "</style>words",
    "open comments": "<style>" + "/*" * 200_000 + "</style>words",
    "open strings": "<style>" + "\"'" * 200_000 + "</style>words",
    "brackets": "<style>" + "[" * 200_000 + "a=" * 100 + "{color:red}</style>words",
    "selectors": "<style>" + "p," * 400_000 + "p{color:red}</style>words",
    "classes": "<style>.a{color:red}</style>" + f"<p class='{'a ' * 10_000}'>words" * 50,
    "clips": "<p style='clip-path:polygon(" + "0 0," * 50_000 + "'>words",
    "numbers": "<p style='color:rgb(" + "1." * 50_000 + ");opacity:" + "9" * 5_000 + "'>words",
    "declarations": "<p style='" + "color:red;" * 100_000 + "'>words",
    "strange marks": "<style>\\ud800{color:\\d800}\\</style><p style='color:\\d800;width:1e999px;left:-.-px'>words",
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_page_made_to_be_slow_is_read_in_seconds(tmp_path: Path, page: str) -> None:
    began = time.process_time()

    assert "words" in "".join(words for _, words in kinds(tmp_path, page))
    assert is_quick(began, seconds=10)
