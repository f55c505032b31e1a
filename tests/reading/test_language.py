import pytest

from documents.reading.language import detect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tenant pays the rent on the first day of every month.", "en"),
        ("Die Miete ist am ersten Tag jedes Monats fällig.", "de"),
        ("El alquiler se paga el primer día de cada mes sin falta.", "es"),
        ("租金应在每月的第一天支付，逾期将收取利息。", "zh"),
        ("", ""),
        ("OK", ""),
        ("1 2 3 4 5 6 7 8 9 10 11 12", ""),
    ],
)
def test_the_language_is_told_when_it_is_sure(text: str, expected: str) -> None:
    assert detect(text) == expected
