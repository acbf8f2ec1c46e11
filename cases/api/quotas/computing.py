"""What stands between answers out of memory and what computes them: each client has a few requests
computed at a time, the costly ones take turns, and each is charged for the work it caused."""

from collections.abc import Iterable
from typing import Any

from cases.api.errors import problem
from cases.api.quotas.costs import USAGE, kind_of, price
from cases.api.quotas.standing import Meter
from cases.api.quotas.turns import BusyError, TooManyAtOnceError, Turns
from cases.api.quotas.wsgi import STANDING, Headers, say
from casesapi import spending
from casesapi.observed import Application, Environ, StartResponse

# Seconds after which a place is likely to be free.
RETRY_AFTER = 2


class Computing:
    """A WSGI application that lets another one compute."""

    def __init__(self, application: Application, meter: Meter, turns: Turns) -> None:
        self._application = application
        self._meter = meter
        self._turns = turns

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if STANDING not in environ or environ["PATH_INFO"] == USAGE:
            return self._application(environ, start_response)
        kind = kind_of(environ)
        try:
            with self._turns.taken(environ[STANDING].client, kind.in_turn):
                return self._charged(environ, start_response, kind.weight)
        except TooManyAtOnceError:
            detail = (
                f"{self._turns.per_client} requests of yours are being computed. Wait for one of "
                "them before you send the next."
            )
            body = problem(429, "too_many_at_once", detail, violated=[])
        except BusyError:
            detail = "Too many costly requests are waiting. Try again in a few seconds."
            body = problem(503, "busy", detail)
        return say(body, [("Retry-After", str(RETRY_AFTER))], environ, start_response)

    def _charged(
        self, environ: Environ, start_response: StartResponse, weight: int
    ) -> Iterable[bytes]:
        # 1 was taken already.
        standing = self._meter.charge(environ[STANDING], weight - 1)
        begun = spending.spent()

        def start(status: str, headers: Headers, *failure: Any) -> Any:
            # Now, so that the headers say what is left; all work has been done.
            cost = 1 if spending.TRUSTED in environ else price(spending.spent() - begun)
            environ[STANDING] = self._meter.charge(standing, cost - weight)
            return start_response(status, headers, *failure)

        return self._application(environ, start)
