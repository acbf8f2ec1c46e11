"""The front page, and the way to it."""

from collections import Counter

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from cases.web import by_year
from cases.web.answers import Json
from cases.web.languages import LANGUAGES, accepted
from cases.web.pages import Page

# Changes that the front page tells of, and how many publications it looks for them in.
LATEST = 6
PUBLICATIONS = 3
FILES = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """`/` leads to the front page in the reader's language."""
    response = HttpResponseRedirect(f"/{accepted(request.headers.get('Accept-Language', ''))}/")
    response["Vary"] = "Accept-Language"
    response["Cache-Control"] = "public, max-age=300"
    return response


class Home(Page):
    template = "web/home.html"

    def show(self) -> Json:
        return {
            "countries": by_year.countries(self.answers),
            "changes": self._latest(),
            "json": "/api/v1/",
            "about": self._about(),
        }

    def _latest(self) -> list[Json]:
        """The newest changes of facts of cases and figures, newest first; single ones before bulk
        ones."""
        number = self.answers.dataset["publication"]
        since = {"since": max(number - PUBLICATIONS, 0), "page_size": 1000}
        facts = {"record": ["case", "statistic"], "significant": "true", "changed": "false"}
        found = self.answers.get("changes/", since | facts)
        rows = found["results"]
        # A reason that many share, such as new translations, would fill the list.
        shared = Counter((row["publication"], row["note"]) for row in rows)
        own = [row for row in rows if shared[row["publication"], row["note"]] <= LATEST]
        return list(reversed((own or rows)[-LATEST:]))

    def _about(self) -> SafeString:
        """The dataset as schema.org describes one, for search engines. A block of data, which
        browsers do not run."""
        dataset, site = self.answers.dataset, self.request.build_absolute_uri("/").rstrip("/")
        about = {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": dataset["title"],
            "description": dataset["description"],
            "url": site + self.request.path,
            "license": dataset["licence"]["data"]["url"],
            "version": str(dataset["publication"]),
            "dateModified": dataset["published_at"],
            "isAccessibleForFree": True,
            "inLanguage": list(LANGUAGES),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": media_type,
                    "contentUrl": f"{site}/api/v1/cases/?format={form}",
                }
                for form, media_type in FILES.items()
            ],
        }
        # Nothing in it may end the element it stands in.
        text = orjson.dumps(about).decode().replace("<", "\\u003c")
        return mark_safe(text)  # nosec B308 B703
