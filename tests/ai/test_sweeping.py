"""Which questions are asked of each document, and which ask for what is not there."""

from dataclasses import replace

import pytest

from documents.ai import prompts, sweeping
from documents.ai.embedding import MiniLM
from documents.ai.local import Local
from documents.ai.protocol import NOTHING, Capabilities, Request, Task
from tests.ai.builders import request

ABLE = Capabilities(documents=True, citations=True, charges=True)

OF_EACH = [
    "Which contracts lack a governing law clause?",
    "Which contracts mention a termination fee?",
    "which of my employment contracts have a non-compete clause",
    "In which documents is Acme Ltd named?",
    "What agreements expire in 2027?",
    "List every payment deadline.",
    "List all contracts with an automatic renewal",
    "Please list all the documents that mention asbestos.",
    "Show me every invoice from Miller & Sons",
    "Find all letters about the roof.",
    "How many contracts contain an arbitration clause?",
    "How many of these leases allow subletting?",
    "How many documents are there?",
    "Are there any agreements without a signature?",
    "For each contract, what is the notice period?",
    "Across all reports, what is said about climate risk?",
    "What notice period does each contract have?",
    "Do all leases have a rent review clause?",
    "Contracts without a limitation of liability",
    "Which documents do not mention a price?",
    "Which contracts can be terminated without notice?",
    "Welche Verträge können ohne Frist gekündigt werden?",
    "Welche Verträge enthalten eine Haftungsbegrenzung?",
    "Welche Mietverträge haben keine Kündigungsfrist?",
    "In welchen Dokumenten wird Frau Okoye genannt?",
    "Alle Verträge, die eine Verlängerungsklausel enthalten",
    "Nenne alle Rechnungen über 1.000 Euro",
    "Wie viele Verträge haben eine Schiedsklausel?",
    "In welchen Verträgen fehlt eine Gerichtsstandsklausel?",
    "Quels contrats prévoient une indemnité de résiliation ?",
    "Quels sont les contrats qui ne mentionnent pas de préavis ?",
    "Dans quels documents est-il question d'amiante ?",
    "Liste tous les contrats avec une clause de non-concurrence",
    "Combien de contrats contiennent une clause d'arbitrage ?",
    "¿Qué contratos mencionan una penalización?",
    "¿Qué contratos no tienen cláusula de arbitraje?",
    "¿En qué documentos se nombra a Ruth Okoye?",
    "Enumera todos los contratos que vencen en 2027",
    "¿Cuántos contratos incluyen una cláusula de confidencialidad?",
]
OF_ONE_ANSWER = [
    "How many employees did the company have in 2023?",
    "How many contracts did the company sign in 2023?",
    "How many letters did she write to her brother?",
    "How many reports has the committee published?",
    "How many pages may the report have?",
    "Which documents must be submitted with the application?",
    "Which documents do I need for registration?",
    "Which documents are required for a visa?",
    "Which policies does the author criticise?",
    "Which agreements did Napoleon break?",
    "Which party pays for the work?",
    "What does the contract say about termination?",
    "What is the contract about?",
    "What papers did he publish?",
    "List all parties of the contract.",
    "List every deadline in this agreement",
    "Who signed the contracts?",
    "When was the lease signed?",
    "What does the work cost?",
    "Why are contracts without a signature void?",
    "How long does each tenant have to wait?",
    "Show how the rent is calculated.",
    "Does the agreement lack a signature?",
    "Welche Unterlagen muss ich einreichen?",
    "Welche Dokumente werden benötigt?",
    "Welche Verträge hat die Firma 2023 geschlossen?",
    "Wie viele Mitarbeiter hatte die Firma 2023?",
    "Wie viele Berichte wurden 2023 veröffentlicht?",
    "Was steht im Vertrag über die Kündigung?",
    "Welche Frist gilt für die Kündigung?",
    "Nenne alle Parteien aus dem Vertrag",
    "Quels documents faut-il fournir ?",
    "Quels contrats la société a-t-elle signés ?",
    "Combien de salariés la société avait-elle en 2023 ?",
    "Que dit le contrat sur la résiliation ?",
    "¿Qué documentos debo presentar?",
    "¿Cuántos empleados tenía la empresa en 2023?",
    "¿Qué dice el contrato sobre la rescisión?",
    "",
    "?!",
]
FOR_LACK = [
    "Which contracts lack a governing law clause?",
    "Which contract has no termination date?",
    "List all agreements without an arbitration clause",
    "How many leases do not mention a deposit?",
    "Are there any agreements without a signature?",
    "Which of my contracts say nothing about liability?",
    "In which contracts is there no notice period?",
    "Welche Mietverträge haben keine Kündigungsfrist?",
    "Alle Verträge ohne Schiedsklausel",
    "In welchen Verträgen fehlt eine Gerichtsstandsklausel?",
    "Quels contrats ne mentionnent pas de préavis ?",
    "Tous les contrats sans clause d'arbitrage",
    "¿Qué contratos no tienen cláusula de arbitraje?",
    "Todos los contratos sin fecha de vencimiento",
]
NOT_FOR_LACK = [
    "Which contracts can be terminated without notice?",
    "Which contracts may not be assigned?",
    "Which agreements do not exceed twelve months?",
    "Which contracts mention a missing signature?",
    "Welche Verträge können ohne Frist gekündigt werden?",
    "Does the agreement lack a signature?",
    "What does the work cost?",
]
MATTERS = [
    ("Which contracts lack a governing law clause?", "governing law clause", "en"),
    ("Which of my employment contracts have a non-compete clause", "non-compete clause", "en"),
    ("List all documents that mention asbestos.", "asbestos", "en"),
    ("How many leases do not mention a deposit?", "deposit", "en"),
    ("List every payment deadline.", "payment deadline", "en"),
    ("Welche Mietverträge haben keine Kündigungsfrist?", "Kündigungsfrist", "de"),
    ("In welchen Verträgen fehlt eine Gerichtsstandsklausel?", "Gerichtsstandsklausel", "de"),
    ("Quels contrats ne mentionnent pas de préavis ?", "préavis", "fr"),
    ("¿Qué contratos no tienen cláusula de arbitraje?", "cláusula de arbitraje", "es"),
]


@pytest.mark.parametrize("question", OF_EACH)
def test_what_only_every_document_can_tell_is_asked_of_each(question: str) -> None:
    assert sweeping.asks_of_each(question)


@pytest.mark.parametrize("question", OF_ONE_ANSWER)
def test_what_stands_in_one_place_is_not(question: str) -> None:
    assert not sweeping.asks_of_each(question)


@pytest.mark.parametrize("question", FOR_LACK)
def test_what_is_not_there_can_be_asked_for(question: str) -> None:
    assert sweeping.asks_of_each(question)
    assert sweeping.asks_for_lack(question)


@pytest.mark.parametrize("question", NOT_FOR_LACK)
def test_a_condition_is_not_a_lack(question: str) -> None:
    assert not sweeping.asks_for_lack(question)


@pytest.mark.parametrize(("question", "matter", "language"), MATTERS)
def test_the_matter_is_what_is_asked_about(question: str, matter: str, language: str) -> None:
    found = sweeping.understand(question)

    assert (found.matter, found.language) == (matter, language)


def test_another_question_is_its_own_matter() -> None:
    found = sweeping.understand("Who pays for the work?", "fr")

    assert (found.matter, found.lacks, found.language) == ("Who pays for the work?", False, "fr")


LEASE = "The tenant pays a security deposit of €2,000. The rent is due on the first day of each month."


def test_the_built_in_provider_quotes_what_is_said_of_the_matter() -> None:
    result = Local(MiniLM()).complete(of_each("Which leases lack a security deposit?", LEASE))

    assert result.text == "The tenant pays a security deposit of €2,000."


def test_and_nothing_where_nothing_is_near_enough() -> None:
    for question in ("Which leases mention a parking space?", "Which leases name a guarantor?"):
        (claim,) = Local(MiniLM()).complete(of_each(question, LEASE)).claims
        assert (claim.label, claim.references) == (NOTHING, ())


def test_a_model_is_told_that_there_are_others_and_what_to_say_when_there_is_nothing() -> None:
    having = prompts.question(of_each("Which leases mention a deposit?", LEASE), ABLE)
    lacking = prompts.question(of_each("Which leases lack a deposit?", LEASE), ABLE)

    assert "one word Nothing" in having
    assert "documents that have no such thing" in lacking
    assert prompts.version(of_each("Which leases lack a deposit?", LEASE), ABLE) == "of-each-1"


def of_each(question: str, text: str) -> Request:
    return replace(request(Task.INSTRUCTION, text, instruction=question), of_each=True)
