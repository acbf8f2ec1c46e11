"""Rules of publishing for statistics."""

from collections.abc import Iterator

from cases.models import Statistic
from cases.publishing import bounds
from cases.publishing.documents.build import Json


def figure_has_a_value_or_says_why_not(
    statistic: Statistic, content: Json
) -> Iterator[tuple[str, str | None, str]]:
    """A figure without a number needs a remark that gives the words."""
    if statistic.value is None and statistic.value_min is None and not statistic.remarks:
        yield statistic.pk, "value", "is missing; say in remarks what is printed instead"


def contradicting_figures_exclude_each_other(
    statistic: Statistic, content: Json
) -> Iterator[tuple[str, str | None, str]]:
    """A figure contradicts another one only if no number fits both: a rounding does not."""
    for rival in content["contradicts"]:
        if bounds.meet(content, rival):
            yield statistic.pk, "contradicts", f"names {rival['id']}, but a number can fit both"
