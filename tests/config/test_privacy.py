import pytest
from django.test import Client
from rest_framework.test import APIClient

from documents.models import Document


@pytest.mark.django_db
def test_pages_and_answers_are_kept_by_no_cache(as_alice: Client, api: APIClient, notice: Document) -> None:
    page = as_alice.get(f"/documents/{notice.pk}/")
    answer = api.get(f"/api/documents/{notice.pk}/content/")

    assert page["Cache-Control"] == "private, no-store"
    assert answer["Cache-Control"] == "private, no-store"
