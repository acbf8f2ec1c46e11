import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cases.admin import roles
from tests import synthetic
from tests.admin.page import Page

PASSWORD = "synthetic-password-1"


@pytest.fixture
def seeded(db):
    roles.seed()


@pytest.fixture
def account(seeded):
    """Makes an account of a role and logs it in."""

    def make(role, username=None):
        user = User.objects.create_user(username or role, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def reporter(account):
    return account("reporter")


@pytest.fixture
def editor(account):
    return account("editor")


@pytest.fixture
def record(db):
    """One valid record of each kind."""
    return synthetic.everything()


@pytest.fixture
def page():
    def get(client, address):
        response = client.get(f"/desk/{address}")
        assert response.status_code == 200, response.status_code
        return Page(client, f"/desk/{address}", response)

    return get
