"""What happens when, and who has to do what, found without a model."""

import pytest

from documents.ai import normal
from documents.ai.errors import Rejected
from documents.ai.local import Local
from documents.ai.protocol import Request, Sentence, Source, Task
from tests.ai.builders import CONTRACT, request


def found(task: Task, text: str) -> list[tuple[str, str]]:
    return [(claim.label, claim.text.strip()) for claim in Local().complete(request(task, text)).claims]


class TestDates:
    def test_they_come_in_the_order_of_time_and_deadlines_are_told_from_dates(self) -> None:
        labels = [label for label, _ in found(Task.DATES, CONTRACT)]

        assert labels == ["deadline 2026-05-01", "date 2028-04-30", "deadline"]

    @pytest.mark.parametrize(
        ("sentence", "label"),
        [
            ("The house was built in May 2019 by two brothers.", "date 2019-05"),
            ("In 2025 the library lent more books than in the year before.", "date 2025"),
            ("The town was founded in 1868 by a miller.", "date 1868"),
            ("Please answer by 3 June 2026 in writing.", "deadline 2026-06-03"),
            ("Die Miete ist spätestens am 3. März 2026 zu zahlen.", "deadline 2026-03-03"),
            ("Le loyer doit être payé avant le 2 avril 2026.", "deadline 2026-04-02"),
            ("El contrato vence el 5 de mayo de 2027.", "deadline 2027-05-05"),
            ("The tenant answers within thirty (30) days of the letter.", "deadline"),
            ("Der Mieter antwortet innerhalb von 14 Tagen auf das Schreiben.", "deadline"),
        ],
    )
    def test_a_statement_is_labelled_by_its_day_as_far_as_it_is_told(self, sentence: str, label: str) -> None:
        assert found(Task.DATES, sentence) == [(label, sentence)]

    def test_two_days_in_one_sentence_are_two_entries(self) -> None:
        labels = [label for label, _ in found(Task.DATES, "It runs from 1 May 2026 to 30 June 2026 in the harbour.")]

        assert labels == ["date 2026-05-01", "date 2026-06-30"]

    @pytest.mark.parametrize(
        ("sentence", "days"),
        [
            ("The deposit is paid on 1 April and 1 May 2026 in two parts.", ["2026-04-01", "2026-05-01"]),
            ("The hall was closed from 3 March to 18 May 2025 for repairs.", ["2025-03-03", "2025-05-18"]),
            ("Der Saal war vom 3. März bis zum 18. Mai 2025 geschlossen.", ["2025-03-03", "2025-05-18"]),
            ("It was closed on 3 March and the roof fell on 18 May 2025.", ["2025-05-18"]),
        ],
    )
    def test_a_year_that_is_said_once_holds_for_both_days(self, sentence: str, days: list[str]) -> None:
        assert [label.split()[1] for label, _ in found(Task.DATES, sentence)] == days

    def test_a_list_of_days_gives_its_first(self) -> None:
        days = ", ".join(f"{day} May 2026" for day in range(1, 31))

        assert len(found(Task.DATES, f"The ship sails on {days} from the old harbour.")) == 12

    def test_a_date_that_was_torn_apart_with_its_sentence_cites_both_parts(self) -> None:
        parts = ("Der Vertrag wird am 5.", "Mai 2026 geschlossen.")
        torn = Source("a", "", (Sentence(0, 22, parts[0]), Sentence(23, 44, parts[1])))

        claims = Local().complete(Request(Task.DATES, (torn,), "", 100)).claims

        assert [(claim.label, claim.text.strip()) for claim in claims] == [("date 2026-05-05", " ".join(parts))]
        assert (claims[0].references[0].first, claims[0].references[0].last) == (0, 2)

    def test_a_line_on_every_page_is_one_entry_with_its_places(self) -> None:
        claims = Local().complete(request(Task.DATES, "Printed on 1 May 2026 here.\n\n" * 9)).claims

        assert [len(claim.references) for claim in claims] == [5]

    def test_the_order_of_day_and_month_is_that_of_the_document(self) -> None:
        american = "Signed on 3/4/2026 by both. Delivered on 3/25/2026 by ship."
        european = "Signed on 3/4/2026 by both. Delivered on 25/3/2026 by ship."

        assert found(Task.DATES, american)[0][0] == "date 2026-03-04"
        assert ("date 2026-04-03", "Signed on 3/4/2026 by both.") in found(Task.DATES, european)

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Signed on 3/4/2026 by Tide LLC of Delaware.", "date 2026-03-04"),
            ("Signed on 3/4/2026 by Tide Ltd of London.", "date 2026-04-03"),
            ("Signed on 3.4.2026 by Tide LLC of Delaware.", "date 2026-04-03"),
            ("Built on May 12, 2020 and sold on 3/4/2026 in the harbour.", "date 2026-03-04"),
        ],
    )
    def test_where_no_date_tells_the_order_its_surroundings_do(self, text: str, label: str) -> None:
        assert found(Task.DATES, text)[-1][0] == label

    @pytest.mark.parametrize(
        ("sentence", "labels"),
        [
            ("This lease, dated May 5, 2026, says what the tenant shall do.", ["date 2026-05-05"]),
            ("It is effective as of May 5, 2026 and shall be kept.", ["date 2026-05-05"]),
            ("It began on 1 May 2026 and the rent is due on 3 May 2026.", ["date 2026-05-01", "deadline 2026-05-03"]),
        ],
    )
    def test_a_limit_is_told_by_the_words_next_to_the_day(self, sentence: str, labels: list[str]) -> None:
        assert [label for label, _ in found(Task.DATES, sentence)] == labels

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("this 1s t day of March, 2018", "2018-03-01"),
            ("20t h day of December 2018", "2018-12-20"),
            ("April 15 , 2010", "2010-04-15"),
            ("January  28,\n2005", "2005-01-28"),
            ("23rd day of February, 1998", "1998-02-23"),
            ("May the 5th, 2026", "2026-05-05"),
            ("05.06.26", "2026-06-05"),
            ("2/23/98", "1998-02-23"),
        ],
    )
    def test_days_are_read_however_they_are_set(self, text: str, day: str) -> None:
        assert found(Task.DATES, f"It was signed on {text} in the harbour.")[0][0] == f"date {day}"

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2026-05-12", "2026-05-12"),
            ("12. Mai 2026", "2026-05-12"),
            ("May 2026", "2026-05"),
            ("2026年5月12日", "2026-05-12"),
            ("2026年5月", "2026-05"),
            ("in 2026", "2026"),
            ("30 February 2026", "2026-02"),
            ("12 May", ""),
            ("nothing", ""),
        ],
    )
    def test_a_date_is_written_as_far_as_it_is_known(self, text: str, day: str) -> None:
        assert normal.when(text) == day


class TestDuties:
    @pytest.mark.parametrize(
        ("sentence", "party"),
        [
            ("The Tenant shall pay the rent on the first day of the month.", "Tenant"),
            ("3.2 If the rent is late, the Tenant must pay interest on it.", "Tenant"),
            ("Acme Ltd agrees to deliver the goods to the harbour.", "Acme Ltd"),
            ("Neither party may not assign this contract without consent.", "Party"),
            ("Der Mieter muss die Miete bis zum dritten Werktag zahlen.", "Mieter"),
            ("Der Vermieter ist verpflichtet, die Wohnung instand zu halten.", "Vermieter"),
            ("Le locataire doit payer le loyer au début du mois.", "Locataire"),
            ("El arrendatario deberá pagar la renta a principios de mes.", "Arrendatario"),
            ("The tenant reports damage within seven days.", "Tenant"),
            ("4. The Landlord insures the house against fire.", "Landlord"),
            ("Der Mieter zahlt die Miete am dritten Werktag.", "Mieter"),
            ("It must be said that the goods were late and wet.", ""),
        ],
    )
    def test_a_duty_stands_under_whom_it_binds(self, sentence: str, party: str) -> None:
        assert found(Task.OBLIGATIONS, sentence) == [(party, sentence)]

    @pytest.mark.parametrize(
        "sentence",
        [
            "“Premises” shall mean the house with its garden.",
            "This contract shall be governed by the laws of Norway.",
            "The Tenant shall have the right to keep a cat in it.",
            "The Tenant shall not be required to repair the roof.",
            "The meeting will take place in the old customs house.",
            "WHEREAS the Tenant must leave the house in the spring.",
        ],
    )
    def test_meanings_rights_and_recitals_are_no_duties(self, sentence: str) -> None:
        assert found(Task.OBLIGATIONS, sentence) == []

    @pytest.mark.parametrize(
        ("sentence", "party"),
        [
            ("Northsea will pay the crane in two parts.", "Northsea"),
            ("Northsea and Tide agree to meet in the harbour.", "Northsea and Tide"),
            ("Indemnity Tide shall bear the loss of the goods.", "Tide"),
            ("Further Help Each Party shall help the other one.", "Party"),
        ],
    )
    def test_what_the_contract_calls_its_parties_is_whom_it_binds(self, sentence: str, party: str) -> None:
        text = f'Contract between North Sea PLC ("Northsea") and Tide Works B.V. ("Tide").\n\n{sentence}'

        assert found(Task.OBLIGATIONS, text) == [(party, sentence)]

    def test_what_binds_nobody_is_no_duty(self) -> None:
        assert found(Task.OBLIGATIONS, "The house stands by the harbour. It may rain. Must we pay?") == []

    def test_a_long_contract_gives_its_most_telling_duties_in_their_order(self) -> None:
        parts = (f"The Supplier shall deliver part {number} of the harbour crane in time." for number in range(90))
        text = " ".join(parts)

        duties = [text for _, text in found(Task.OBLIGATIONS, text)]

        assert len(duties) == 40
        assert duties == sorted(duties, key=text.index)


def test_it_says_that_it_cannot_translate() -> None:
    with pytest.raises(Rejected, match="cannot translate"):
        Local().complete(request(Task.TRANSLATION, CONTRACT))
