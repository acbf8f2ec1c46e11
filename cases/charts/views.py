"""Charts by URL: `/charts/<name>.svg`, `.png`, and `.json` for the Vega-Lite behind them."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http.code_version import CODE_VERSION
from cases.api.http.errors import UnavailableError
from cases.api.queries.pagination import address
from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.charts import layout, look
from cases.charts.asking import Asker
from cases.charts.cache import T, kept
from cases.charts.charts import CHARTS, Chart
from cases.charts.layout import Drawing
from cases.charts.look import Look
from cases.charts.rendering import BusyError, TooSlowError, renderer
from cases.charts.worded import WordedView
from cases.charts.words import filter_in_words

SVG, PNG, JSON = "svg", "png", "json"
MEDIA_TYPES = {SVG: "image/svg+xml", PNG: "image/png", JSON: "application/json"}
# PNG has twice the pixels of the SVG, for screens and print.
SCALE = 2

OWN = ("lang", "theme", "width")

# A picture that is opened by itself runs nothing and loads nothing; any page may frame it.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


class PictureView(WordedView):
    """An answer that is a picture of one state, which any page may embed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # Some pages embed an SVG by a frame. There is nothing in it to be clicked.
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        return response

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What `make` makes for these parameters and this state."""
        given = sorted(self.parameters.given(without={"as_of"}).items())
        said = orjson.dumps(
            [CODE_VERSION, self.snapshot.key, self.snapshot.publication, name, given]
        )
        key = hashlib.sha256(said).hexdigest()
        try:
            return kept(key, make)
        except (BusyError, TimeoutError):
            detail = "Too many charts are being drawn. Try again in a few seconds."
            raise UnavailableError("busy", detail, retry_after=5) from None
        except TooSlowError:
            detail = "The chart took too long to draw. Try again later, or with more filters."
            raise UnavailableError("too_slow", detail, retry_after=30) from None

    def picture(self, content: str | bytes, form: str, name: str) -> HttpResponse:
        response = HttpResponse(content, content_type=MEDIA_TYPES[form])
        filename = f"{name}-p{self.snapshot.publication}.{form}"
        response["Content-Disposition"] = f'inline; filename="{filename}"'
        response["Content-Security-Policy"] = POLICY
        permalink = address(self.request, self.snapshot.publication, {})
        response["Link"] = f'<{permalink}>; rel="bookmark"'
        return response


class ChartView(PictureView):
    """One chart. It takes the filters of the list that it counts."""

    chart: Chart = next(iter(CHARTS.values()))  # this and `form` are given by the address
    form = SVG

    def names(self) -> set[str]:
        return super().names() | self.chart.filters.names() | set(OWN)

    def describe(self) -> dict[str, Described]:
        form = f"pixels, a whole number from {look.LEAST_WIDTH} to {look.MOST_WIDTH}"
        return (
            self.chart.filters.describe(self.snapshot)
            | super().describe()
            | {
                "theme": parameter_docs.choice("Colours of the picture.", look.THEMES, "light"),
                "width": parameter_docs.integer(
                    "Width of the picture.",
                    form,
                    look.LEAST_WIDTH,
                    look.MOST_WIDTH,
                    look.DEFAULT_WIDTH,
                ),
            }
        )

    def get(self, request: Request) -> HttpResponse:
        language = self.language()
        theme = self.parameters.choice("theme", look.THEMES) or look.THEMES[0]
        width = self.parameters.integer("width", look.LEAST_WIDTH, look.MOST_WIDTH)
        self.parameters.done()
        looks = look.look(theme, width or look.DEFAULT_WIDTH)
        with translation.override(language):
            content = self._content(looks)
        return self.picture(content, self.form, self.chart.name)

    def get_view_name(self) -> str:
        return f"Chart {self.chart.name}"

    def _content(self, looks: Look) -> str | bytes:
        name = self.chart.name
        if self.form == JSON:
            return self._json(looks)
        svg = self.kept(f"{name}.svg", lambda: self._svg(looks))
        if self.form == SVG:
            return svg
        return self.kept(f"{name}.png", lambda: renderer.png(svg, SCALE))

    def _svg(self, looks: Look) -> str:
        drawing = self._drawn(looks)
        plot = renderer.svg(drawing.spec) if drawing.spec else ""
        return layout.framed(drawing, plot, self._selection(), looks, self.snapshot)

    def _json(self, looks: Look) -> bytes:
        drawing = self._drawn(looks)
        head = {
            "title": drawing.title,
            "selection": self._selection(),
            "notes": drawing.notes,
            "source": layout.source(self.snapshot),
            "publication": self.snapshot.publication,
            "permalink": address(self.request, self.snapshot.publication, {}),
        }
        return orjson.dumps(head | {"vega_lite": drawing.spec})

    def _drawn(self, looks: Look) -> Drawing:
        """BadParametersError, if the API refuses a filter."""
        ask = Asker(self.request, self.snapshot.publication)
        given = self.parameters.given(without={*OWN, "as_of"})
        return self.chart.draw(ask, given, looks)

    def _selection(self) -> list[str]:
        return filter_in_words(self.chart.filters, self.parameters, self.snapshot)


class Index(PictureView):
    """All charts, with the parameters that each takes."""

    def names(self) -> set[str]:
        return {"as_of"}

    def get(self, request: Request) -> Response:
        self.parameters.done()
        return Response(
            {
                "publication": self.snapshot.publication,
                "charts": [self._about(chart) for chart in CHARTS.values()],
                "card": self.request.build_absolute_uri(reverse("charts:card")),
            }
        )

    def _about(self, chart: Chart) -> dict[str, Any]:
        view = ChartView(chart=chart)
        view.snapshot = self.snapshot
        return {
            "name": chart.name,
            "about": chart.about,
            "counts": chart.counts,
            "urls": {
                form: self.request.build_absolute_uri(reverse(f"charts:{chart.name}.{form}"))
                for form in MEDIA_TYPES
            },
            "parameters": {
                name: {"description": about["description"]} | _values(about)
                for name, about in view.describe().items()
            },
        }


# Codes of a parameter that are listed here; longer lists are in the API.
MOST_CODES = 20


def _values(about: Described) -> dict[str, Any]:
    if "type" in about:
        return {"type": about["type"]}
    allowed = about["allowed"]
    return {"allowed": allowed} if len(allowed) <= MOST_CODES else {"type": "codes of the API"}
