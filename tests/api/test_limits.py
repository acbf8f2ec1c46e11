"""What asks for too much is told so. A real server is asked in `tests/system/server/`."""

import pytest

from cases.api.http.limits import LONGEST_ADDRESS, MOST_VALUES

BASE = "/api/v1/"


def of_length(length):
    return f"{BASE}cases/?q=".ljust(length, "x")


def test_an_address_may_be_so_long_and_no_longer(client, dataset):
    assert client.get(of_length(LONGEST_ADDRESS)).json()["code"] == "bad_parameters"
    refused = client.get(of_length(LONGEST_ADDRESS + 1))
    assert refused.status_code == 414
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "address_too_long"
    assert "8,001 bytes" in problem["detail"]
    assert "8,000 are allowed" in problem["detail"]


@pytest.mark.parametrize("divider", [",", "%2C", "%2c", "&ids="])
def test_a_request_may_have_so_many_values_and_no_more(client, dataset, divider):
    most = divider.join(["KZ-0001"] * MOST_VALUES)
    assert client.get(f"{BASE}cases/?ids={most}").json()["count"] == 1
    refused = client.get(f"{BASE}cases/?ids={most}{divider}KZ-0002")
    assert refused.status_code == 400
    assert refused.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "too_many_values",
        "detail": "The request has more values than are allowed.",
        "errors": [
            {
                "param": "ids",
                "value": None,
                "detail": "The request has 501 values, most of them here.",
                "allowed": "500 values of all parameters together",
            }
        ],
    }


def test_values_of_all_parameters_count_together(client, dataset):
    many = ",".join(["KZ-0001"] * 300)
    refused = client.get(f"{BASE}cases/?ids={many}&source={many}")
    assert refused.json()["code"] == "too_many_values"


@pytest.mark.django_db(transaction=True)
def test_the_desk_has_all_the_time_it_needs_on_the_connection_the_api_used(client):
    from django.db import connection

    def allowed():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    client.get(f"{BASE}cases/")
    assert allowed() == "10s"
    client.get("/desk/login/")
    assert allowed() == "0"
    file = client.get(f"{BASE}cases/?format=csv")
    assert allowed() == "1min"
    file.close()
