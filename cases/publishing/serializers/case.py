"""Shapes of a case, its defendants with their service, and its verdicts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Case, Defendant, Name, Payment, Service, Verdict
from cases.publishing.documents.legal_status import legal_status, standing
from cases.publishing.serializers.fields import (
    API,
    AmountField,
    MultilingualField,
    MultilingualListField,
    PartialDateField,
    Shape,
    by_id,
    numbered,
)
from cases.publishing.serializers.reference import (
    ArticleReference,
    CourtReference,
    FormationReference,
    RegionReference,
)
from cases.publishing.serializers.source import CitationShape
from cases.vocabulary import LEGAL_STATUS_LABELS, Channel, LegalStatus, Standing


class NameShape(serializers.ModelSerializer):
    """A name of a defendant in one spelling, as published. `language` is BCP 47."""

    class Meta:
        model = Name
        fields = ("text", "language", "script", "kind")


class PaymentShape(serializers.ModelSerializer):
    """Money promised to or received by a defendant; `amount_max` ends a range. `currency` is
    ISO 4217."""

    amount = AmountField()
    amount_max = AmountField(allow_null=True)
    remark = MultilingualField(allow_null=True)

    class Meta:
        model = Payment
        fields = ("kind", "amount", "amount_max", "currency", "per", "remark")


class RecruitmentShape(Shape):
    """How a person was reached; all parts may be null, and the whole is null if they are."""

    date = PartialDateField(allow_null=True, source="recruitment_date")
    place = MultilingualField(allow_null=True, source="recruitment_place")
    channel = serializers.ChoiceField(
        Channel.choices, allow_null=True, source="recruitment_channel"
    )
    recruited_by = MultilingualField(allow_null=True, source="recruitment_recruited_by")
    promises = MultilingualField(allow_null=True, source="recruitment_promises")
    coercion = MultilingualField(allow_null=True, source="recruitment_coercion")
    from_prison = serializers.BooleanField(allow_null=True, source="recruitment_from_prison")

    def to_representation(self, instance: Defendant) -> Any:
        recruitment = super().to_representation(instance)
        known = any(part is not None for part in recruitment.values())
        return recruitment if known else None


class ServiceShape(serializers.ModelSerializer):
    """Time that a defendant spent with one armed formation."""

    formation = FormationReference(allow_null=True)
    contract_signed = PartialDateField(allow_null=True)
    began = PartialDateField(allow_null=True)
    ended = PartialDateField(allow_null=True)
    places = MultilingualListField(allow_null=True)
    duties = MultilingualField(allow_null=True)
    training = MultilingualField(allow_null=True)
    wounded_on = PartialDateField(allow_null=True)
    returned_on = PartialDateField(allow_null=True)
    remarks = MultilingualField(allow_null=True)
    citations = CitationShape(many=True)

    class Meta:
        model = Service
        fields = (
            "id",
            "formation",
            "contract_signed",
            "contract_months",
            "began",
            "ended",
            "places",
            "duties",
            "training",
            "wounded_on",
            "end_reason",
            "returned_on",
            "remarks",
            "citations",
        )


class LabelledStatusShape(Shape):
    """Where a defendant stands before the law, derived from the case and its rulings."""

    code = serializers.ChoiceField(LegalStatus.choices)
    label = MultilingualField()  # type: ignore[assignment]


class DefendantShape(serializers.ModelSerializer):
    """One accused person. `age` is in whole years on `age_as_of`."""

    url = serializers.SerializerMethodField(help_text="Path of the record.")
    legal_status = serializers.SerializerMethodField()
    names = NameShape(many=True)
    born = PartialDateField(allow_null=True)
    age_as_of = PartialDateField(allow_null=True)
    citizenships = serializers.SerializerMethodField(help_text="ISO 3166-1 codes.")
    residence_region = RegionReference(allow_null=True)
    residence_place = MultilingualField(allow_null=True)
    occupation = MultilingualField(allow_null=True)
    detained_on = PartialDateField(allow_null=True)
    detained_place = MultilingualField(allow_null=True)
    recruitment = RecruitmentShape(allow_null=True, source="*")
    payments = PaymentShape(many=True)
    remarks = MultilingualField(allow_null=True)
    services = serializers.SerializerMethodField()
    citations = CitationShape(many=True)

    class Meta:
        model = Defendant
        fields = (
            "id",
            "url",
            "legal_status",
            "names",
            "name_withheld",
            "sex",
            "born",
            "age",
            "age_as_of",
            "citizenships",
            "residence_region",
            "residence_place",
            "occupation",
            "fate",
            "plea",
            "voluntary_surrender",
            "detained_on",
            "detained_place",
            "recruitment",
            "payments",
            "remarks",
            "citations",
            "services",
        )

    def get_url(self, defendant: Defendant) -> str:
        return f"{API}/defendants/{defendant.pk}/"

    @extend_schema_field(LabelledStatusShape)
    def get_legal_status(self, defendant: Defendant) -> dict[str, Any]:
        status = legal_status(defendant.case.status, defendant.verdicts.all())
        return {"code": status, "label": LEGAL_STATUS_LABELS[status]}

    def get_citizenships(self, defendant: Defendant) -> list[str]:
        return sorted(country.pk for country in defendant.citizenships.all())

    @extend_schema_field(ServiceShape(many=True))
    def get_services(self, defendant: Defendant) -> list[dict[str, Any]]:
        services = numbered(defendant.services.all())
        return [ServiceShape(service, context=self.context).data for service in services]


class VerdictShape(serializers.ModelSerializer):
    """What one court decided for one defendant. `reported` is when it became known;
    `sentence_months` and `sentence_days` on top are null = not reported, or none."""

    url = serializers.SerializerMethodField(help_text="Path of the record.")
    defendant = serializers.CharField(source="defendant_id")
    court = CourtReference(allow_null=True)
    date = PartialDateField(allow_null=True)
    reported = PartialDateField(allow_null=True)
    articles = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField(
        help_text="Derived: what later rulings left of this one."
    )
    changes = serializers.CharField(allow_null=True, source="changes_id")
    remarks = MultilingualField(allow_null=True)
    citations = CitationShape(many=True)

    class Meta:
        model = Verdict
        fields = (
            "id",
            "url",
            "defendant",
            "court",
            "instance",
            "date",
            "reported",
            "outcome",
            "articles",
            "sentence_months",
            "sentence_days",
            "sentence_kind",
            "probation_months",
            "confiscation",
            "changes",
            "standing",
            "remarks",
            "citations",
        )

    def get_url(self, verdict: Verdict) -> str:
        return f"{API}/verdicts/{verdict.pk}/"

    @extend_schema_field(serializers.ChoiceField(Standing.choices))
    def get_standing(self, verdict: Verdict) -> str:
        return standing(verdict)

    @extend_schema_field(ArticleReference(many=True))
    def get_articles(self, verdict: Verdict) -> list[dict[str, Any]]:
        return [ArticleReference(article).data for article in by_id(verdict.articles.all())]


class CaseShape(serializers.ModelSerializer):
    """A case without its defendants and verdicts."""

    url = serializers.SerializerMethodField(help_text="Path of the record.")
    country = serializers.CharField(source="country_id")
    region = RegionReference(allow_null=True)
    court = CourtReference(allow_null=True)
    charges = serializers.SerializerMethodField()
    opened = PartialDateField(allow_null=True)
    sent_to_court = PartialDateField(allow_null=True)
    summary = MultilingualField(allow_null=True)
    remarks = MultilingualField(allow_null=True)
    citations = CitationShape(many=True)

    class Meta:
        model = Case
        fields = (
            "id",
            "url",
            "country",
            "kind",
            "conflict",
            "status",
            "court_case_number",
            "region",
            "court",
            "charges",
            "opened",
            "sent_to_court",
            "procedure",
            "summary",
            "remarks",
            "citations",
        )

    def get_url(self, case: Case) -> str:
        return f"{API}/cases/{case.pk}/"

    @extend_schema_field(ArticleReference(many=True))
    def get_charges(self, case: Case) -> list[dict[str, Any]]:
        return [ArticleReference(article).data for article in by_id(case.charges.all())]
