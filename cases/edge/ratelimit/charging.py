"""Between answers out of memory and what computes them: a client is charged for the work that its
request caused."""

from collections.abc import Iterable
from typing import Any

from cases.edge.ratelimit.costs import USAGE, kind_of, price
from cases.edge.ratelimit.limiter import Meter
from cases.edge.ratelimit.wsgi import STANDING
from casesapi.http.request_log import Application, Environ, StartResponse
from casesapi.server import spending
from casesapi.server.wsgi_environ import Headers


class Charged:
    """A WSGI application that lets another one compute."""

    def __init__(self, application: Application, meter: Meter) -> None:
        self._application = application
        self._meter = meter

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if STANDING not in environ or environ["PATH_INFO"] == USAGE:
            return self._application(environ, start_response)
        weight = kind_of(environ).weight
        # 1 was taken already.
        standing = self._meter.charge(environ[STANDING], weight - 1)
        begun = spending.spent()

        def start(status: str, headers: Headers, *failure: Any) -> Any:
            # Now, so that the headers say what is left; all work has been done.
            cost = 1 if spending.TRUSTED in environ else price(spending.spent() - begun)
            environ[STANDING] = self._meter.charge(standing, cost - weight)
            return start_response(status, headers, *failure)

        return self._application(environ, start)
