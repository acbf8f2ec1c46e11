"""A prosecution: the case, its defendants with their service, and what courts decided.

`note` is for editors only; `remarks` are published. `draft` holds a case back from publishing.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from cases.models.fields import (
    EdtfField,
    FoldedField,
    IdField,
    MultilingualField,
    MultilingualListField,
    TextField,
    VocabularyField,
)
from cases.models.reference import Article, Court, Formation, Region
from cases.vocabulary import (
    CaseKind,
    CaseStatus,
    Channel,
    Conflict,
    Fate,
    Instance,
    NameKind,
    Outcome,
    PaymentKind,
    PaymentPer,
    Plea,
    Procedure,
    Script,
    SentenceKind,
    ServiceEnd,
    Sex,
)


def _id_extends(parent: str, separator: str) -> Q:
    """The id is that of the parent with the separator and a number behind it."""
    return Q(id__startswith=Concat(F(parent), Value(separator)))


class Case(models.Model):
    """One prosecution in one country.

    region, court: of the first instance. charges: as brought, null part = none printed.
    """

    id = IdField("^[A-Z]{2}-[0-9]{4,}$")
    country = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kind = VocabularyField(choices=CaseKind.choices, null=False)
    conflict = VocabularyField(choices=Conflict.choices, null=False)
    status = VocabularyField(choices=CaseStatus.choices, null=False)
    court_case_number = TextField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="cases")
    charges = models.ManyToManyField(Article, related_name="cases", blank=True)
    opened = EdtfField()
    sent_to_court = EdtfField()
    procedure = VocabularyField(choices=Procedure.choices)
    summary = MultilingualField()
    remarks = MultilingualField()
    note = TextField()
    draft = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="case_draft", condition=Q(draft=True))]
        constraints = [
            models.CheckConstraint(
                name="case_id_begins_with_its_country",
                condition=_id_extends("country", "-"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Defendant(models.Model):
    """One accused person in one case.

    name_withheld: we publish no full name. age: whole years on `age_as_of`. recruitment_*: how,
    where and when the person was reached; coercion: pressure that was reported.
    """

    id = IdField("^[A-Z]{2}-[0-9]{4,}-D[0-9]+$")
    case = models.ForeignKey(Case, models.CASCADE, related_name="defendants")
    name_withheld = models.BooleanField(default=False)
    sex = VocabularyField(choices=Sex.choices)
    born = EdtfField()
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    age_as_of = EdtfField()
    citizenships = models.ManyToManyField(Region, related_name="+", blank=True)
    residence_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+"
    )
    residence_place = MultilingualField()
    occupation = MultilingualField()
    fate = VocabularyField(choices=Fate.choices)
    plea = VocabularyField(choices=Plea.choices)
    voluntary_surrender = models.BooleanField(null=True, blank=True)
    detained_on = EdtfField()
    detained_place = MultilingualField()
    recruitment_date = EdtfField()
    recruitment_place = MultilingualField()
    recruitment_channel = VocabularyField(choices=Channel.choices)
    recruitment_recruited_by = MultilingualField()
    recruitment_promises = MultilingualField()
    recruitment_coercion = MultilingualField()
    recruitment_from_prison = models.BooleanField(null=True, blank=True)
    remarks = MultilingualField()
    note = TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="defendant_id_begins_with_its_case", condition=_id_extends("case", "-D")
            ),
            models.CheckConstraint(
                name="defendant_age_is_human", condition=Q(age__gte=14, age__lte=110)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Name(models.Model):
    """A defendant's name in one spelling, as published. language: BCP 47.

    folded: its words as `cases.names` folds them, to find it and its doubles by.
    """

    defendant = models.ForeignKey(Defendant, models.CASCADE, related_name="names")
    position = models.PositiveSmallIntegerField()
    text = TextField(null=False)
    language = TextField(null=False)
    script = VocabularyField(choices=Script.choices, null=False)
    kind = VocabularyField(choices=NameKind.choices, null=False)
    folded = FoldedField(of="text")

    class Meta:
        ordering = ["position"]
        indexes = [GinIndex(fields=["folded"], name="name_folded")]
        constraints = [
            models.UniqueConstraint(
                fields=["defendant", "text", "language"], name="name_is_listed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Payment(models.Model):
    """Money promised to or received by a defendant.

    amount, amount_max: in `currency` (ISO 4217), amount_max for a range; per: null = not stated.
    """

    defendant = models.ForeignKey(Defendant, models.CASCADE, related_name="payments")
    position = models.PositiveSmallIntegerField()
    kind = VocabularyField(choices=PaymentKind.choices, null=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    amount_max = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    per = VocabularyField(choices=PaymentPer.choices)
    remark = MultilingualField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="payment_range_is_ordered",
                condition=Q(amount__gte=0) & (Q(amount_max=None) | Q(amount_max__gt=F("amount"))),
            ),
            models.CheckConstraint(
                name="payment_currency_is_iso_4217", condition=Q(currency__regex="^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Service(models.Model):
    """Time that a defendant spent with one armed formation.

    contract_months: term of the contract. began, ended: of the service itself.
    """

    id = IdField("^[A-Z]{2}-[0-9]{4,}-D[0-9]+-S[0-9]+$")
    defendant = models.ForeignKey(Defendant, models.CASCADE, related_name="services")
    formation = models.ForeignKey(
        Formation, models.PROTECT, null=True, blank=True, related_name="services"
    )
    contract_signed = EdtfField()
    contract_months = models.PositiveSmallIntegerField(null=True, blank=True)
    began = EdtfField()
    ended = EdtfField()
    places = MultilingualListField()
    duties = MultilingualField()
    training = MultilingualField()
    wounded_on = EdtfField()
    end_reason = VocabularyField(choices=ServiceEnd.choices)
    returned_on = EdtfField()
    remarks = MultilingualField()
    note = TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_id_begins_with_its_defendant",
                condition=_id_extends("defendant", "-S"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Verdict(models.Model):
    """What one court decided for one defendant.

    date: of the ruling; reported: when it became known, if no date is printed.
    sentence_months, sentence_days: whole months and days on top; null = not reported or none.
    changes: the earlier ruling that this one upholds, changes or annuls.
    range_checked: an editor made sure that a term outside the article's range is what was printed.
    """

    id = IdField("^[A-Z]{2}-[0-9]{4,}-V[0-9]+$")
    case = models.ForeignKey(Case, models.CASCADE, related_name="verdicts")
    defendant = models.ForeignKey(Defendant, models.CASCADE, related_name="verdicts")
    court = models.ForeignKey(Court, models.PROTECT, null=True, blank=True, related_name="verdicts")
    instance = VocabularyField(choices=Instance.choices, null=False)
    date = EdtfField()
    reported = EdtfField()
    outcome = VocabularyField(choices=Outcome.choices, null=False)
    articles = models.ManyToManyField(Article, related_name="verdicts", blank=True)
    sentence_months = models.PositiveSmallIntegerField(null=True, blank=True)
    sentence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    sentence_kind = VocabularyField(choices=SentenceKind.choices)
    probation_months = models.PositiveSmallIntegerField(null=True, blank=True)
    confiscation = models.BooleanField(null=True, blank=True)
    changes = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="changed_by"
    )
    range_checked = models.BooleanField(default=False)
    remarks = MultilingualField()
    note = TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verdict_id_begins_with_its_case", condition=_id_extends("case", "-V")
            ),
            models.CheckConstraint(
                name="verdict_sentence_needs_conviction",
                condition=Q(
                    sentence_months=None,
                    sentence_days=None,
                    sentence_kind=None,
                    probation_months=None,
                )
                | Q(outcome__in=[Outcome.CONVICTED, Outcome.CHANGED]),
            ),
            models.CheckConstraint(
                name="verdict_only_higher_instances_review",
                condition=~Q(
                    instance=Instance.FIRST,
                    outcome__in=[Outcome.UPHELD, Outcome.CHANGED, Outcome.ANNULLED],
                ),
            ),
            models.CheckConstraint(
                name="verdict_does_not_change_itself", condition=~Q(changes=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
