"""What pictures and feeds are alike in: answers in a reader's language, beside the API."""

from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.views.snapshot_view import SnapshotView
from cases.charts.words import LANGUAGES


class WordedView(SnapshotView):
    """An answer of one form, with texts in the language of the parameter `lang`."""

    schema = None  # type: ignore[assignment] # beside the API, not of it

    def names(self) -> set[str]:
        return super().names() - {"format"} | {"lang"}

    def describe(self) -> dict[str, Described]:
        found = super().describe()
        del found["format"]
        return found | {"lang": parameter_docs.choice("Language of the texts.", LANGUAGES, "en")}

    def language(self) -> str:
        return self.parameters.choice("lang", LANGUAGES) or "en"
