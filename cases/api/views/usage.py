"""`/usage/`: what a client has asked for so far. It asks no database, is not counted itself, and
answers also when nothing else does."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.request import negotiation, parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters
from cases.api.schemas import lists
from cases.api.views.snapshot_view import SnapshotView
from cases.edge.ratelimit.limiter import RateLimitStatus, meter
from cases.edge.ratelimit.wsgi import STANDING


class Usage(SnapshotView):
    """How much you may ask for, and how much of it is left. Asking this is not counted."""

    answer = lists.Usage
    dated = False

    def names(self) -> set[str]:
        return {"format"}

    def describe(self) -> dict[str, Described]:
        return {
            "format": parameter_docs.choice("Format of the answer.", self.formats, negotiation.JSON)
        }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        APIView.initial(self, request, *args, **kwargs)
        self.parameters = Parameters(request.query_params)
        self.parameters.refuse_unknown(self.names())
        self.format = negotiation.chosen(request, self.parameters, self.formats)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = APIView.finalize_response(self, request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: Request) -> Response:
        self.parameters.done()
        standing: RateLimitStatus = request.META.get(STANDING) or meter.take(request.META, 0)
        return Response(
            {
                "plan": standing.plan.name,
                "key": standing.hint,
                "windows": [
                    {
                        "name": window.name,
                        "seconds": window.seconds,
                        "quota": window.quota,
                        "used": count.used,
                        "remaining": max(0, window.quota - count.used),
                        "resets_in": round(count.resets_in, 3),
                    }
                    for window, count in zip(
                        standing.plan.windows, standing.taken.counts, strict=True
                    )
                ],
            }
        )

    def get_view_name(self) -> str:
        return "Usage"
