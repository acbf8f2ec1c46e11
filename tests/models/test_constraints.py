"""Every rule between fields that the database keeps, each with writes that break just that."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Max

from cases.models import (
    PUBLISHED,
    ApiKey,
    Article,
    Case,
    Check,
    Citation,
    Defendant,
    Entry,
    Finding,
    Formation,
    LikelyDuplicate,
    LinkCheck,
    Name,
    Payment,
    Publication,
    PublishedCase,
    PublishedDefendant,
    PublishedReference,
    PublishedSource,
    PublishedStatistic,
    PublishedVerdict,
    RedactedName,
    Region,
    Service,
    Source,
    Statistic,
    Verdict,
)
from tests.synthetic import ARMY, CASE, COUNTRY, REGION, SOURCE, VERDICT

pytestmark = pytest.mark.django_db


def refused(write):
    """The name of the constraint that a write breaks."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value.__cause__.diag.constraint_name


def changed(model, key=None, /, **fields):
    """A write that sets fields of one row: that with the key, or else the first."""

    def write():
        pk = key or model.objects.order_by("pk")[0].pk
        assert model.objects.filter(pk=pk).update(**fields) == 1

    return write


def copied(model, /, **fields):
    """A write that adds a row like the first one, but for these fields."""

    def write():
        row = model.objects.order_by("pk")[0]
        row.pk, row._state.adding = None, True
        for field, value in fields.items():
            setattr(row, field, value)
        row.save(force_insert=True)

    return write


NO_SENTENCE = {
    "sentence_months": None,
    "sentence_days": None,
    "sentence_kind": None,
    "probation_months": None,
}
ACQUITTED = {"outcome": "acquitted", **NO_SENTENCE}
WITHDRAWN = {"operation": "withdraw", "body_sha256": None}


def of_versions(model, name):
    return {
        f"{name}_version_is_unique": [copied(model, until_id=2)],
        f"{name}_has_one_current_version": [copied(model, version=9, until=None)],
    }


def of_ends(model, name):
    return {f"{name}_ends_after_it_began": [changed(model, since=2, until=2)]}


BROKEN = {
    "api_key_digest_is_hex": [changed(ApiKey, digest="0" * 63), changed(ApiKey, digest="G" * 64)],
    "api_key_former_has_an_end": [
        changed(ApiKey, former_digest="0" * 64),
        changed(ApiKey, former_until=datetime(2026, 1, 1, tzinfo=UTC)),
        changed(ApiKey, former_digest="0", former_until=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
    "region_has_parent_unless_country": [
        changed(Region, REGION, parent=None),
        changed(Region, COUNTRY, parent=REGION),
    ],
    "region_centroid_is_whole_and_on_earth": [
        changed(Region, latitude=50),
        changed(Region, longitude=70),
        changed(Region, latitude=90.1, longitude=70),
        changed(Region, latitude=-90.1, longitude=70),
        changed(Region, latitude=50, longitude=180.1),
        changed(Region, latitude=50, longitude=-180.1),
    ],
    "formation_is_not_its_own_parent": [changed(Formation, ARMY, parent=ARMY)],
    "article_penalty_range_is_ordered": [changed(Article, min_months=109)],
    "case_id_begins_with_its_country": [
        changed(Case, id="KG-9001"),
        changed(Case, country="KG"),
    ],
    "defendant_id_begins_with_its_case": [
        changed(Defendant, id="KZ-9002-D1"),
        changed(Defendant, case="KZ-900"),
    ],
    "defendant_age_is_human": [changed(Defendant, age=13), changed(Defendant, age=111)],
    "name_is_listed_once": [copied(Name, position=9, kind="initials")],
    "payment_range_is_ordered": [
        changed(Payment, amount=-1),
        changed(Payment, amount=5, amount_max=5),
        changed(Payment, amount=5, amount_max=4),
    ],
    "payment_currency_is_iso_4217": [
        changed(Payment, currency="usd"),
        changed(Payment, currency="$"),
        changed(Payment, currency=""),
    ],
    "service_id_begins_with_its_defendant": [
        changed(Service, id="KZ-9001-D2-S1"),
        changed(Service, defendant="KZ-9001-D"),
    ],
    "verdict_id_begins_with_its_case": [
        changed(Verdict, id="KZ-9002-V1"),
        changed(Verdict, case="KZ-900"),
    ],
    "verdict_sentence_needs_conviction": [
        changed(Verdict, **ACQUITTED | {"sentence_months": 0}),
        changed(Verdict, **ACQUITTED | {"sentence_days": 1}),
        changed(Verdict, **ACQUITTED | {"sentence_kind": "fine"}),
        changed(Verdict, **ACQUITTED | {"probation_months": 12}),
        changed(Verdict, outcome="upheld", instance="appeal"),
    ],
    "verdict_only_higher_instances_review": [
        changed(Verdict, outcome=outcome, **NO_SENTENCE)
        for outcome in ("upheld", "changed", "annulled")
    ],
    "verdict_does_not_change_itself": [changed(Verdict, changes=VERDICT)],
    "source_title_has_a_language": [changed(Source, title_language=None)],
    "source_sha256_is_hex": [
        changed(Source, sha256="ab" * 31),
        changed(Source, sha256="AB" * 32),
        changed(Source, sha256=""),
    ],
    "source_is_not_its_own_parallel": [changed(Source, parallel_of=SOURCE)],
    "citation_has_exactly_one_subject": [
        lambda: Citation.objects.filter(case=CASE).update(case=None),
        lambda: Citation.objects.filter(case=CASE).update(verdict=VERDICT),
    ],
    "citation_supports_a_field": [changed(Citation, fields=[])],
    "statistic_is_a_value_or_a_range": [
        changed(Statistic, value=9, value_min=8, value_max=10),
        changed(Statistic, value=None, value_min=8),
        changed(Statistic, value=None, value_max=10),
        changed(Statistic, value=None, value_min=8, value_max=8),
        changed(Statistic, value=None, value_min=9, value_max=8),
    ],
    "statistic_counts_from_zero": [
        changed(Statistic, value=-1),
        changed(Statistic, value=None, value_min=-1, value_max=8),
    ],
    "publication_counts_from_one": [changed(Publication, number=0)],
    "publication_digest_is_hex": [
        changed(Publication, digest="ab" * 31),
        changed(Publication, digest="AB" * 32),
        changed(Publication, digest=""),
    ],
    "entry_is_one_a_record_and_publication": [copied(Entry, **WITHDRAWN)],
    "entry_brings_a_body_when_it_publishes": [
        changed(Entry, operation="publish", body_sha256=None),
        changed(Entry, operation="correct", body_sha256=None),
        changed(Entry, operation="withdraw"),
        changed(Entry, operation="merge", into="KZ-9002"),
    ],
    "entry_names_the_survivor_of_a_merge": [
        changed(Entry, **WITHDRAWN | {"operation": "merge"}),
        changed(Entry, **WITHDRAWN, into="KZ-9002"),
    ],
    "entry_replaces_when_it_redacts": [
        changed(Entry, operation="redact"),
        changed(Entry, replaced=[]),
    ],
    "check_digest_is_hex": [changed(Check, digest="0" * 63)],
    "redacted_name_is_kept_once": [copied(RedactedName)],
    "redacted_name_digest_is_hex": [changed(RedactedName, digest="G" * 64)],
    "finding_is_about_one_record": [
        changed(Finding, case=None),
        changed(Finding, statistic="STAT-9001"),
    ],
    "duplicate_is_in_order": [
        changed(LikelyDuplicate, first="KZ-9002"),
        changed(LikelyDuplicate, second=CASE),
    ],
    "duplicate_is_listed_once": [copied(LikelyDuplicate, dismissed=True)],
    "link_is_listed_once": [copied(LinkCheck, state="answers")],
    **of_versions(PublishedCase, "publishedcase"),
    **of_ends(PublishedCase, "publishedcase"),
    **of_versions(PublishedDefendant, "publisheddefendant"),
    **of_ends(PublishedDefendant, "publisheddefendant"),
    **of_versions(PublishedVerdict, "publishedverdict"),
    **of_ends(PublishedVerdict, "publishedverdict"),
    **of_versions(PublishedSource, "publishedsource"),
    **of_ends(PublishedSource, "publishedsource"),
    **of_versions(PublishedStatistic, "publishedstatistic"),
    **of_ends(PublishedStatistic, "publishedstatistic"),
    **of_versions(PublishedReference, "reference"),
    **of_ends(PublishedReference, "reference"),
}

EXAMPLES = [
    pytest.param(name, write, id=f"{name}-{number}")
    for name, writes in BROKEN.items()
    for number, write in enumerate(writes, 1)
]


def test_every_constraint_is_broken_by_an_example():
    models = apps.get_app_config("cases").get_models(include_auto_created=True)
    assert BROKEN.keys() == {rule.name for model in models for rule in model._meta.constraints}


@pytest.mark.parametrize(("name", "write"), EXAMPLES)
def test_a_write_that_breaks_a_constraint_is_refused(rows, name, write):
    assert refused(write) == name


@pytest.mark.parametrize(
    "model", dict.fromkeys(PUBLISHED.values()), ids=lambda model: model.__name__
)
def test_no_version_of_any_document_ends_before_it_began(rows, model):
    last = model.objects.aggregate(Max("since"))["since__max"]
    assert refused(changed(model, since=last, until=last)).endswith("_ends_after_it_began")


PASSING = {
    "a place in degrees": changed(Region, latitude=-90, longitude=180),
    "the youngest": changed(Defendant, age=14),
    "the oldest": changed(Defendant, age=110),
    "an article without a range": changed(Article, min_months=None, max_months=None),
    "an article with one term": changed(Article, min_months=60, max_months=60),
    "a range of money": changed(Payment, amount=0, amount_max="0.01"),
    "a ruling without a sentence": changed(Verdict, **ACQUITTED),
    "a sentence changed on appeal": changed(Verdict, instance="appeal", outcome="changed"),
    "a source never seen": changed(Source, title=None, title_language=None, sha256=None),
    "a figure in words": changed(Statistic, value=None),
    "a range": changed(Statistic, value=None, value_min=0, value_max=1),
    "a merge": changed(Entry, **WITHDRAWN | {"operation": "merge", "into": "KZ-9002"}),
    "a version that ended": changed(PublishedCase, until=2),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_write_just_within_the_constraints_passes(rows, name):
    with transaction.atomic():
        PASSING[name]()
        transaction.set_rollback(True)
