"""Examples for the rules about sources and citations."""

from datetime import UTC, date, datetime

from cases.models import Service
from tests import synthetic
from tests.publishing.examples import (
    SECOND_SOURCE,
    Examples,
    case,
    change,
    defendant,
    service,
    source,
    statistic,
    steps,
    verdict,
)
from tests.synthetic import CASE, DEFENDANT, SERVICE, SOURCE, STATISTIC, VERDICT


def uncite(row, field):
    return lambda: synthetic.uncite(row(), field)


def cite(row, *fields, source=SOURCE, **others):
    """A change that adds a citation, by default of the source that supports all facts."""
    return lambda: synthetic.add_citation(row(), list(fields), source_id=source, **others)


def new_source(**fields):
    return lambda: synthetic.source(SECOND_SOURCE, **fields)


def edit_source(**fields):
    return lambda: synthetic.change(source(), **fields)


def no_service():
    Service.objects.all().delete()


UNSOURCED = "has no source"


def rival(**fields):
    """Another figure that contradicts the one of the working copy, which is exactly 90."""
    return lambda: synthetic.statistic("STAT-9002", contradicts=[statistic()], **fields)


EXAMPLES = {
    "every_fact_has_a_source": Examples(
        broken={
            "of the case": (uncite(case, "charges"), [(CASE, "charges", UNSOURCED)]),
            "of a defendant": (uncite(defendant, "names"), [(DEFENDANT, "names", UNSOURCED)]),
            "of a service": (uncite(service, "places"), [(SERVICE, "places", UNSOURCED)]),
            "of a verdict": (uncite(verdict, "outcome"), [(VERDICT, "outcome", UNSOURCED)]),
            "of a statistic": (uncite(statistic, "value"), [(STATISTIC, "value", UNSOURCED)]),
            "no is a fact": (
                steps(
                    change(defendant, voluntary_surrender=False),
                    uncite(defendant, "voluntary_surrender"),
                ),
                [(DEFENDANT, "voluntary_surrender", UNSOURCED)],
            ),
            "zero is a fact": (
                steps(change(statistic, value=0), uncite(statistic, "value")),
                [(STATISTIC, "value", UNSOURCED)],
            ),
            "one language is a fact": (
                steps(change(case, remarks={"kk": "Ескерту"}), uncite(case, "remarks")),
                [(CASE, "remarks", UNSOURCED)],
            ),
            "a part of the recruitment is a fact": (
                uncite(defendant, "recruitment"),
                [(DEFENDANT, "recruitment", UNSOURCED)],
            ),
            "a source that states something else is none": (
                steps(
                    uncite(defendant, "age"),
                    cite(defendant, "age", values={"age": 35}),
                ),
                [(DEFENDANT, "age", UNSOURCED)],
            ),
        },
        fine={
            "one source supports it, another states something else": steps(
                new_source(),
                cite(defendant, "age", source=SECOND_SOURCE, values={"age": 35}),
            ),
            "another source supports it": steps(
                new_source(), uncite(case, "charges"), cite(case, "charges", source=SECOND_SOURCE)
            ),
            "what is not known": steps(change(verdict, court=None, sentence_days=None)),
            "an empty list": change(service, places=None),
            "that a name is withheld is our decision": steps(
                lambda: defendant().names.update(text="S. P.", kind="initials"),
                change(defendant, name_withheld=True),
            ),
        },
    ),
    "citations_name_known_fields": Examples(
        broken={
            "no such field": (
                cite(case, "shoe_size"),
                [(CASE, "shoe_size", f"is cited from {SOURCE} but unknown")],
            ),
            "a field of another object": (
                cite(verdict, "plea"),
                [(VERDICT, "plea", f"is cited from {SOURCE} but unknown")],
            ),
            "a note of the editors": (
                steps(lambda: change(case, note="internal")(), cite(case, "note")),
                [(CASE, "note", f"is cited from {SOURCE} but unknown")],
            ),
            "what is derived": (
                cite(defendant, "legal_status"),
                [(DEFENDANT, "legal_status", f"is cited from {SOURCE} but unknown")],
            ),
            "a value of a field that is not cited": (
                cite(verdict, "court", values={"date": "2024-09-11"}),
                [(VERDICT, "date", f"has a value of {SOURCE} uncited")],
            ),
            "an empty field": (
                cite(statistic, "remarks"),
                [(STATISTIC, "remarks", f"is cited from {SOURCE} but empty")],
            ),
        },
        fine={
            "an empty field, of which a source states something": cite(
                verdict, "reported", values={"reported": "2024-09"}
            ),
        },
    ),
    "cited_sources_are_published": Examples(
        broken={
            "a draft": (
                steps(new_source(draft=True), cite(verdict, "date", source=SECOND_SOURCE)),
                [(VERDICT, None, f"cites {SECOND_SOURCE}, which is a draft")],
            ),
            "a draft, for a figure": (
                steps(new_source(draft=True), cite(statistic, "value", source=SECOND_SOURCE)),
                [(STATISTIC, None, f"cites {SECOND_SOURCE}, which is a draft")],
            ),
        },
        fine={
            "a source that relies on a draft": steps(
                new_source(draft=True), lambda: source().cites.add(SECOND_SOURCE)
            ),
        },
    ),
    "cited_sources_were_read": Examples(
        broken={
            "nobody read it": (
                steps(
                    new_source(extent_read="not_read"),
                    cite(service, "began", source=SECOND_SOURCE),
                ),
                [(SERVICE, None, f"cites {SECOND_SOURCE}, which nobody read")],
            ),
        },
        fine={
            "its opening was read": steps(
                new_source(extent_read="excerpt"), cite(service, "began", source=SECOND_SOURCE)
            ),
            "it stands behind one that was read": steps(
                new_source(extent_read="not_read"), lambda: source().cites.add(SECOND_SOURCE)
            ),
        },
    ),
    "dates_are_not_in_the_future": Examples(
        broken={
            "a ruling": (
                change(verdict, date="2999-01-01"),
                [(VERDICT, "date", "2999-01-01 lies in the future")],
            ),
            "a period": (
                change(statistic, period="2998/2999"),
                [(STATISTIC, "period", "2998/2999 lies in the future")],
            ),
            "a date within the recruitment": (
                steps(no_service, change(defendant, recruitment_date="2999")),
                [(DEFENDANT, "recruitment", "2999 lies in the future")],
            ),
        },
        fine={
            "today": change(verdict, date=date.today().isoformat()),
            "it may have happened already": change(verdict, date="2024/2999"),
            "by then at the latest": change(verdict, date="../2999"),
        },
    ),
    "source_is_not_from_the_future": Examples(
        broken={
            "published after today": (
                edit_source(published="2999", captured=None),
                [(SOURCE, "published", "2999 lies in the future")],
            ),
            "read before it was published": (
                edit_source(published="2024-10-03"),
                [(SOURCE, "captured", "lies before the source was published")],
            ),
        },
        fine={
            "read on the day": edit_source(published="2024-10-01"),
            "read in the month": edit_source(published="2024-10"),
            "published at no known time": edit_source(published=None),
            "published at last by then": edit_source(published="../2999"),
            # 20:00 UTC is the next day in Astana, where the page was dated.
            "read in the evening, where the day was over": edit_source(
                published="2024-10-02", captured=datetime(2024, 10, 1, 20, tzinfo=UTC)
            ),
        },
    ),
    "figure_has_a_value_or_says_why_not": Examples(
        broken={
            "neither value nor words": (
                change(statistic, value=None),
                [(STATISTIC, "value", "is missing; say in remarks what is printed instead")],
            ),
        },
        fine={
            "words": change(statistic, value=None, remarks={"en": "Dozens, as printed."}),
            "a range": change(statistic, value=None, value_min=80, value_max=90),
            "none at all": change(statistic, value=0),
        },
    ),
    "contradicting_figures_exclude_each_other": Examples(
        broken={
            "a rounding": (
                rival(value=100, qualifier="approximate"),
                [
                    (STATISTIC, "contradicts", "names STAT-9002, but a number can fit both"),
                    ("STAT-9002", "contradicts", "names STAT-9001, but a number can fit both"),
                ],
            ),
        },
        fine={
            "another number": rival(value=91),
            "a range below": rival(value_min=10, value_max=20, qualifier="approximate"),
            "a higher bound": rival(value=100, qualifier="at_least"),
            "words, of which nothing can be computed": rival(
                value=None, remarks=synthetic.text("Dozens, as printed.")
            ),
        },
    ),
}
