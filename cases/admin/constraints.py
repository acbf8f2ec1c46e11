"""What an editor reads when the database would refuse a row, and at which field."""

from django.core.exceptions import ValidationError
from django.db.models import Model

EXPLAINED: dict[str, tuple[str, str]] = {
    "case_id_begins_with_its_country": ("country", "The number of the case is of another country."),
    "defendant_age_is_human": ("age", "Expected 14 to 110 years."),
    "name_is_listed_once": ("text", "This name stands here already, in the same language."),
    "payment_range_is_ordered": (
        "amount_max",
        "Expected an amount of 0 or more, and an upper end that is greater than it.",
    ),
    "payment_currency_is_iso_4217": ("currency", "Expected three capital letters, such as KZT."),
    "verdict_sentence_needs_conviction": (
        "outcome",
        "A sentence can stand only beside “convicted” or “earlier ruling changed”.",
    ),
    "verdict_only_higher_instances_review": (
        "outcome",
        "A court of the first instance has no earlier ruling to uphold, change or quash.",
    ),
    "verdict_does_not_change_itself": ("changes", "A ruling cannot be about itself."),
    "source_title_has_a_language": ("title_language", "A title needs its language."),
    "source_sha256_is_hex": ("sha256", "Expected 64 digits from 0-9 and a-f."),
    "source_is_not_its_own_parallel": ("parallel_of", "A source is no other edition of itself."),
    "citation_supports_a_field": ("fields", "Tick at least one."),
    "statistic_is_a_value_or_a_range": (
        "value_min",
        "Expected one value, or a lower and a greater upper end, or none of them.",
    ),
    "statistic_counts_from_zero": ("value", "A count is 0 or more."),
    "region_has_parent_unless_country": (
        "parent",
        "A region lies in a country, and a country in none.",
    ),
    "region_centroid_is_whole_and_on_earth": (
        "latitude",
        "Expected both or none: latitude from -90 to 90, longitude from -180 to 180.",
    ),
    "formation_is_not_its_own_parent": ("parent", "A formation does not stand under itself."),
    "article_penalty_range_is_ordered": (
        "max_months",
        "Expected no less than the shortest term.",
    ),
}
"""Constraint: the form field to show it at, and what is expected."""


def constraint_of(row: Model, error: ValidationError) -> str | None:
    """Name of the constraint that an error speaks of; null when it is about something else."""
    for constraint in row._meta.constraints:
        if constraint.get_violation_error_message() in error.messages:
            return constraint.name
    return None
