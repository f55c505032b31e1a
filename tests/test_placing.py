"""Vectors become places: alike ones lie together, none on another, and always the same."""

import numpy as np
import pytest

from documents.mapping import placing, regions
from tests.mapping import clustered


def distances(places: placing.Places) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    found = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(found, np.inf)
    return np.asarray(found)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 14, 15, 16, 60])
def test_any_number_of_documents_has_places_inside_the_map(count: int) -> None:
    places = placing.lay_out(clustered([count]))

    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert ((places >= 0) & (places <= 1)).all()


def test_a_single_document_lies_in_the_middle() -> None:
    assert placing.lay_out(clustered([1])) == pytest.approx(np.array([[0.5, 0.5]]), abs=0.001)


def test_two_documents_lie_apart() -> None:
    assert distances(placing.lay_out(clustered([2]))).min() > 0.3


def test_the_nearest_dot_is_one_of_the_same_kind() -> None:
    sizes = [30, 20, 25]
    kind = np.repeat(np.arange(3), sizes)

    nearest = distances(placing.lay_out(clustered(sizes))).argmin(axis=1)

    assert (kind[nearest] == kind).mean() > 0.97


@pytest.mark.parametrize("count", [2, 3, 20, 200])
def test_identical_documents_lie_beside_each_other_not_on_each_other(count: int) -> None:
    same = np.repeat(clustered([1]), count, axis=0)

    places = placing.lay_out(same)

    assert distances(places).min() > placing.DISTANCE / 3
    assert np.ptp(places, axis=0).max() < 0.9


def test_copies_among_others_lie_with_their_original() -> None:
    vectors = clustered([10, 10, 10])
    places = placing.lay_out(np.concatenate([vectors, vectors[:1], vectors[:1]]))

    assert np.hypot(*(places[[30, 31]] - places[0]).T).max() < 0.1


def test_the_same_vectors_give_the_same_map() -> None:
    vectors = clustered([20, 30])

    assert (placing.lay_out(vectors) == placing.lay_out(vectors)).all()


def test_no_two_of_many_lie_on_each_other() -> None:
    places = placing.lay_out(clustered([150, 150, 100]))

    assert distances(places).min() > 0.2 * placing.ROOM / np.sqrt(400)


def test_a_map_drawn_anew_lies_as_it_lay() -> None:
    vectors = clustered([25, 25, 25])
    before = placing.lay_out(vectors)
    turned = 1 - before[:, ::-1]

    known = np.concatenate([turned, np.full((1, 2), np.nan)])
    after = placing.lay_out(np.concatenate([vectors, clustered([1], seed=9)]), known)

    assert np.median(np.hypot(*(after[:-1] - turned).T)) < np.median(np.hypot(*(before - turned).T))


def test_a_handful_has_no_regions() -> None:
    assert regions.divide(placing.lay_out(clustered([5]))) == []


def test_every_document_is_in_one_region_the_largest_first() -> None:
    found = regions.divide(placing.lay_out(clustered([40, 20])))

    assert sorted(member for region in found for member in region.members) == list(range(60))
    assert [len(one.members) for one in found] == sorted((len(one.members) for one in found), reverse=True)


def test_a_region_is_called_by_the_words_that_tell_it_from_the_others() -> None:
    words = [{"contract", "rent", "tenant"}] * 5 + [{"contract", "water", "pipe"}] * 5
    halves = [regions.Region(0, 0, tuple(range(5))), regions.Region(1, 1, tuple(range(5, 10)))]

    assert regions.name(halves, words, str) == ["Rent · Tenant", "Pipe · Water"]


def test_a_word_that_is_not_to_be_shown_and_another_form_of_one_are_left_out() -> None:
    words = [{"4711", "tenant", "tenants", "lease"}] * 3 + [{"pipe"}] * 3
    first = regions.Region(0, 0, (0, 1, 2))

    assert regions.name([first], words, lambda word: word if word.isalpha() else "") == ["Lease · Tenant"]
