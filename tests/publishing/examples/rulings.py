"""Examples for the rules about sentences, names, words and what belongs to a case."""

from django.db import connection

from cases.models import Article, Verdict
from tests import synthetic
from tests.publishing.examples import (
    SECOND_CASE,
    SECOND_VERDICT,
    Examples,
    case,
    change,
    defendant,
    steps,
    verdict,
)
from tests.synthetic import CASE, DEFENDANT, PART, VERDICT


def unguarded():
    """Takes away the CHECK that refuses the same, so that the rule is seen at work."""
    table = Verdict._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT verdict_sentence_needs_conviction")


def edit_article(**fields):
    return lambda: Article.objects.filter(pk=PART).update(**fields)


def name(text, **fields):
    """A change that adds a name."""
    return lambda: synthetic.add_name(defendant(), text, **fields)


def outside(months, article=f"{PART} (60 to 108)"):
    detail = f"{months} months lie outside {article}; set range_checked once the source was read"
    return [(VERDICT, "sentence_months", f"{detail} again")]


def not_beside(outcome, *fields):
    return [(VERDICT, field, f"cannot stand beside the outcome {outcome}") for field in fields]


def second_case():
    synthetic.case(SECOND_CASE)


def on_another_ruling():
    other = synthetic.add_defendant(case())
    synthetic.add_verdict(other, instance="appeal", outcome="upheld", changes=verdict())


def abroad():
    return synthetic.court("abroad", region=synthetic.region("KG-99"))


EXAMPLES = {
    "sentence_needs_conviction": Examples(
        broken={
            "acquitted": (
                steps(unguarded, change(verdict, outcome="acquitted")),
                not_beside("acquitted", "sentence_months", "sentence_kind"),
            ),
            "upheld": (
                steps(unguarded, change(verdict, instance="appeal", outcome="upheld")),
                not_beside("upheld", "sentence_months", "sentence_kind"),
            ),
            "every part of a sentence": (
                steps(
                    unguarded,
                    change(verdict, outcome="dismissed", sentence_days=5, probation_months=0),
                ),
                not_beside(
                    "dismissed",
                    *("sentence_months", "sentence_days", "sentence_kind", "probation_months"),
                ),
            ),
        },
        fine={
            "acquitted": change(
                verdict, outcome="acquitted", sentence_months=None, sentence_kind=None
            ),
            "changed on appeal": change(verdict, instance="appeal", outcome="changed"),
        },
    ),
    "sentence_has_a_kind": Examples(
        broken={
            "months": (
                change(verdict, sentence_kind=None),
                [(VERDICT, "sentence_kind", "is missing beside the length of the sentence")],
            ),
            "days": (
                change(verdict, sentence_kind=None, sentence_months=None, sentence_days=20),
                [(VERDICT, "sentence_kind", "is missing beside the length of the sentence")],
            ),
        },
        fine={
            "neither": change(verdict, sentence_kind=None, sentence_months=None),
            "the length was not reported": change(verdict, sentence_months=None),
        },
    ),
    "sentence_is_within_the_articles": Examples(
        broken={
            "a month too short": (change(verdict, sentence_months=59), outside(59)),
            "a day too short": (
                change(verdict, sentence_months=59, sentence_days=29),
                outside(59),
            ),
            "a month too long": (change(verdict, sentence_months=109), outside(109)),
            "a day too long": (
                change(verdict, sentence_months=108, sentence_days=1),
                outside(108),
            ),
            "suspended": (
                change(verdict, sentence_months=109, sentence_kind="suspended"),
                outside(109),
            ),
            "below an article without an upper end": (
                steps(edit_article(max_months=None), change(verdict, sentence_months=59)),
                outside(59, f"{PART} (60 to ?)"),
            ),
            "outside each of two articles": (
                steps(
                    lambda: verdict().articles.add(synthetic.article("KZ-9173", max_months=70)),
                    change(verdict, sentence_months=109),
                ),
                outside(109, f"{PART} (60 to 108), KZ-9173 (60 to 70)"),
            ),
            "outside the charges, where the ruling names no article": (
                steps(
                    lambda: verdict().articles.clear(),
                    change(verdict, sentence_months=109),
                ),
                outside(109),
            ),
        },
        fine={
            "the lower end": change(verdict, sentence_months=60, sentence_days=0),
            "a day above the lower end": change(verdict, sentence_months=60, sentence_days=1),
            "the upper end": change(verdict, sentence_months=108),
            "the upper end and no days": change(verdict, sentence_months=108, sentence_days=0),
            "a day below the upper end": change(verdict, sentence_months=107, sentence_days=29),
            "it was checked": change(verdict, sentence_months=1, range_checked=True),
            "a fine": change(verdict, sentence_months=1, sentence_kind="fine"),
            "within one of two articles": steps(
                lambda: verdict().articles.add(synthetic.article("KZ-9173", max_months=120)),
                change(verdict, sentence_months=120),
            ),
            "the range is not known": steps(
                edit_article(min_months=None, max_months=None),
                change(verdict, sentence_months=1),
            ),
            "no upper end": steps(
                edit_article(max_months=None), change(verdict, sentence_months=300)
            ),
        },
    ),
    "withheld_names_stay_withheld": Examples(
        broken={
            "a full name": (
                change(defendant, name_withheld=True),
                [(DEFENDANT, "names", "holds a full name although it is withheld")],
            ),
            "a full name beside initials": (
                steps(name("S. P.", kind="initials"), change(defendant, name_withheld=True)),
                [(DEFENDANT, "names", "holds a full name although it is withheld")],
            ),
        },
        fine={
            "initials and a letter": steps(
                lambda: defendant().names.update(text="S. P.", kind="initials"),
                name("S.", kind="letter"),
                change(defendant, name_withheld=True),
            ),
            "no name": steps(
                lambda: defendant().names.all().delete(),
                change(defendant, name_withheld=True),
            ),
        },
    ),
    "names_are_in_their_script": Examples(
        broken={
            "another script": (
                name("Человек", language="ru"),
                [(DEFENDANT, "names", "“Человек” is not written in Latn")],
            ),
            "one letter that only looks right": (
                name("Cинтетический", language="ru", script="Cyrl"),
                [
                    (
                        DEFENDANT,
                        "names",
                        "“Cинтетический” mixes scripts: “C” at position 1 is Latin (U+0043), the "
                        "other letters are Cyrillic; type it again",
                    )
                ],
            ),
        },
        fine={
            "three languages": steps(
                name("Человек", language="ru", script="Cyrl"),
                name("Әйел Қыз", language="kk", script="Cyrl"),
                name("Gʻayrat Oʻktam", language="uz", script="Latn"),
            ),
        },
    ),
    "nobody_is_called_guilty_before_a_final_conviction": Examples(
        broken={
            "the ruling may be appealed": (
                change(defendant, remarks={"en": "The offender lived in town."}),
                [(DEFENDANT, "remarks", "says “offender” of somebody presumed innocent")],
            ),
        },
        fine={
            "the conviction is final": steps(
                change(case, status="final"),
                change(defendant, remarks={"en": "The offender lived in town."}),
            ),
        },
    ),
    "everything_belongs_to_the_case": Examples(
        broken={
            "a region abroad": (
                lambda: change(case, region=synthetic.region("KG-99"))(),
                [(CASE, "region", "KG-99 does not lie in KZ")],
            ),
            "a court abroad": (
                lambda: change(case, court=abroad())(),
                [(CASE, "court", "abroad does not lie in KZ")],
            ),
            "a ruling abroad": (
                lambda: change(verdict, court=abroad())(),
                [(VERDICT, "court", "abroad does not lie in KZ")],
            ),
            "a charge of another country": (
                lambda: case().charges.add(synthetic.article("KG-9172")),
                [(CASE, "charges", "KG-9172 is no article of KZ")],
            ),
            "a ruling on an article of another country": (
                lambda: verdict().articles.add(synthetic.article("KG-9172")),
                [(VERDICT, "articles", "KG-9172 is no article of KZ")],
            ),
            "no defendant": (
                lambda: defendant().delete(),
                [(CASE, "defendants", "has none")],
            ),
            "a ruling about somebody else": (
                steps(
                    second_case,
                    lambda: Verdict.objects.filter(pk=VERDICT).update(
                        defendant=f"{SECOND_CASE}-D1"
                    ),
                ),
                [(VERDICT, "defendant", f"{SECOND_CASE}-D1 is of another case")],
            ),
            "a ruling on that about another defendant": (
                on_another_ruling,
                [(SECOND_VERDICT, "changes", f"{VERDICT} is about another defendant")],
            ),
        },
        fine={
            "the country itself": lambda: change(case, region=synthetic.country())(),
            "no place is known": change(case, region=None, court=None),
            "two defendants with a ruling each": lambda: synthetic.add_verdict(
                synthetic.add_defendant(case())
            ),
        },
    ),
}
