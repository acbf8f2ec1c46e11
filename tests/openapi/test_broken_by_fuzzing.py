"""What requests made from the schema have broken once."""

import pytest


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("cases/KZ%000001/", 404),
        ("cases/KZ%000001/versions/", 404),
        ("regions/%00/", 404),
        (f"statistics/?year={'9' * 5000}", 400),
        ("statistics/?year=%D9%A2%D9%A0%D9%A2%D9%A5", 400),
        ("cases/?page_size=1_0", 400),
        ("cases/?page_size=%EF%BC%91", 400),
        ("cases/?page_size=%2B5", 400),
        ("cases/?as_of=%D9%A1", 400),
        (f"cases/?as_of={'9' * 5000}", 400),
        ("cases/?opened_before=9999-12", 200),
    ],
)
def test_what_requests_made_from_the_schema_have_broken_is_answered(
    dataset, client, address, status
):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    assert response.json()
