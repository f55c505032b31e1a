from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from documents.values import Block, BlockKind, PageKind
from documents.web.reader import BlockView, Cited, PageText, TextView, assemble, pieces

TEXT = "Rent is €1,180. It is due on the third working day. 𝔊loss."


def page(*blocks: Block, number: int = 1, kind: PageKind = PageKind.TEXT) -> PageText:
    start, end = (blocks[0].start, blocks[-1].end) if blocks else (0, 0)
    return PageText(number, start, end, kind, blocks)


def laid(text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0) -> tuple[str, tuple[Block, ...]]:
    """A text whose lines are blocks."""
    blocks, position = [], 0
    for line in text.split("\n"):
        blocks.append(Block(position, position + len(line), kind, level))
        position += len(line) + 1
    return text, tuple(blocks)


def blocks_of(view: TextView) -> list[BlockView]:
    return [block for page in view.pages for group in page.groups for block in group.blocks]


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).filter(lambda span: span[0] < span[1])


@given(st.lists(spans, max_size=8))
def test_the_pieces_of_a_block_joined_are_its_text(cited: list[tuple[int, int]]) -> None:
    marks = [Cited(number, start, end) for number, (start, end) in enumerate(cited, start=1)]

    found = pieces(TEXT, 0, len(TEXT), marks, set())

    assert "".join(piece.text for piece in found) == TEXT
    assert all(first.start + len(first.text) == second.start for first, second in pairwise(found))


@given(st.lists(spans, max_size=8))
def test_every_citation_covers_its_words_and_opens_once(cited: list[tuple[int, int]]) -> None:
    marks = [Cited(number, start, end) for number, (start, end) in enumerate(cited, start=1)]

    found = pieces(TEXT, 0, len(TEXT), marks, set())

    for mark in marks:
        words = "".join(piece.text for piece in found if mark.number in piece.numbers)
        assert words == TEXT[mark.start : mark.end]
        assert sum(mark.number in piece.opens for piece in found) == 1


@given(st.text("ab \n", max_size=60), st.integers(1, 20))
def test_no_word_of_the_text_is_left_out_whatever_the_parts(text: str, limit: int) -> None:
    pages = [PageText(1, 0, len(text), PageKind.TEXT, ())]

    parts = assemble(text, pages, [], limit=limit).parts
    shown = "".join(
        block.text
        for part in range(1, parts + 1)
        for block in blocks_of(assemble(text, pages, [], part=part, limit=limit))
    )

    assert shown.split() == text.split()


def test_offsets_count_code_points() -> None:
    start = TEXT.index("𝔊")

    found = pieces(TEXT, 0, len(TEXT), [Cited(1, start, start + 5)], set())

    assert [piece.text for piece in found if piece.numbers] == ["𝔊loss"]


def test_a_citation_over_two_blocks_marks_both_and_opens_in_the_first() -> None:
    text, blocks = laid("one two\nthree four")

    first, second = blocks_of(assemble(text, [page(*blocks)], [Cited(1, 4, 13)]))

    assert [piece.text for piece in (*first.pieces, *second.pieces) if piece.numbers] == ["two", "three"]
    assert [piece.opens for piece in second.pieces] == [(), ()]


def test_text_that_no_block_claims_is_shown_as_a_paragraph() -> None:
    text = "claimed and forgotten"

    view = assemble(text, [PageText(1, 0, len(text), PageKind.TEXT, (Block(0, 7, BlockKind.HEADING, 1),))], [])

    assert [block.text.strip() for block in blocks_of(view)] == ["claimed", "and forgotten"]


def test_heading_levels_go_down_without_jumps() -> None:
    text = "a\nb\nc"
    blocks = (
        Block(0, 1, BlockKind.HEADING, 3),
        Block(2, 3, BlockKind.HEADING, 6),
        Block(4, 5, BlockKind.HEADING, 1),
    )

    levels = [block.level for block in blocks_of(assemble(text, [page(*blocks)], []))]

    assert levels == [2, 3, 2]


def test_rows_that_repeat_the_names_of_their_columns_become_a_table() -> None:
    text, blocks = laid("Item: Rent; Due: monthly\nItem: Deposit; Due: once", BlockKind.TABLE_ROW)

    table = assemble(text, [page(*blocks)], []).pages[0].groups[0].table

    assert table is not None
    assert table.header == ("Item", "Due")
    assert [["".join(piece.text for piece in cell) for cell in row] for row in table.rows] == [
        ["Rent", "monthly"],
        ["Deposit", "once"],
    ]


def test_a_first_row_of_the_names_alone_is_the_header() -> None:
    text, blocks = laid("Item | Due\nItem: Rent; Due: monthly\nItem: Water; Due: yearly", BlockKind.TABLE_ROW)

    plain = assemble(text, [page(*blocks)], []).pages[0].groups[0].table
    cited = assemble(text, [page(*blocks)], [Cited(1, 0, 4)]).pages[0].groups[0].table

    assert plain is not None
    assert plain.header == ("Item", "Due")
    assert len(plain.rows) == 2
    assert cited is None


def test_a_cited_row_opens_its_mark_once_in_the_table() -> None:
    text, blocks = laid("Item: Rent; Due: monthly\nItem: Deposit; Due: once", BlockKind.TABLE_ROW)

    table = assemble(text, [page(*blocks)], [Cited(1, 0, blocks[0].end)]).pages[0].groups[0].table

    assert table is not None
    assert [piece.opens for row in table.rows for cell in row for piece in cell] == [(1,), (), (), ()]


def test_rows_stay_lines_when_columns_would_hide_a_mark() -> None:
    text, blocks = laid("Item: Rent; Due: monthly\nItem: Deposit; Due: once", BlockKind.TABLE_ROW)

    group = assemble(text, [page(*blocks)], [Cited(1, 0, 4)]).pages[0].groups[0]

    assert group.table is None
    assert group.blocks[0].pieces[0].numbers == (1,)


def test_rows_of_different_lengths_stay_lines() -> None:
    text, blocks = laid("a | b\na | b | c", BlockKind.TABLE_ROW)

    assert assemble(text, [page(*blocks)], []).pages[0].groups[0].table is None


def test_an_item_with_a_bullet_of_its_own_gets_no_second_one() -> None:
    text, blocks = laid("• milk\neggs\n2. flour", BlockKind.LIST_ITEM)

    assert [block.bulleted for block in blocks_of(assemble(text, [page(*blocks)], []))] == [True, False, True]


def test_pages_without_text_are_shown_too() -> None:
    text, blocks = laid("words")
    pages = [page(*blocks), PageText(2, 5, 5, PageKind.UNREADABLE, ()), PageText(3, 5, 5, PageKind.EMPTY, ())]

    assert [view.number for view in assemble(text, pages, []).pages] == [1, 2, 3]


def test_a_long_text_comes_in_parts_and_says_where_a_citation_stands() -> None:
    text, blocks = laid("first line\nsecond line\nthird line")

    view = assemble(text, [page(*blocks)], [], part=2, limit=12)

    assert [block.text for block in blocks_of(view)] == ["second line"]
    assert (view.part, view.parts) == (2, 3)
    assert [view.part_of(block.start) for block in blocks] == [1, 2, 3]


def test_a_part_that_does_not_exist_gives_the_nearest() -> None:
    text, blocks = laid("first line\nsecond line")

    assert assemble(text, [page(*blocks)], [], part=99, limit=12).part == 2


def test_a_text_without_pages_is_empty() -> None:
    assert assemble("", [], []).pages == ()
