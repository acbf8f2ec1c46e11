import sys

import pytest


@pytest.fixture
def took(capsys, request):
    """Says how long something took, also when the test succeeds."""

    def say(what, seconds):
        with capsys.disabled():
            print(f"\n  {what}: {seconds:.1f} s", file=sys.stderr, flush=True)

    return say
