"""Shapes of a case, its defendants with their service, and its verdicts."""

from typing import Any

from rest_framework import serializers

from cases.models import Case, Defendant, Name, Payment, Service, Verdict
from cases.publishing.legal_status import legal_status, standing
from cases.publishing.shapes.fields import (
    API,
    AmountField,
    MultilingualField,
    PartialDateField,
    Shape,
    by_id,
    numbered,
)
from cases.publishing.shapes.reference import (
    ArticleReference,
    CourtReference,
    FormationReference,
    RegionReference,
)
from cases.publishing.shapes.source import CitationShape
from cases.vocabulary import LEGAL_STATUS_LABELS


class NameShape(serializers.ModelSerializer):
    class Meta:
        model = Name
        fields = ("text", "language", "script", "kind")


class PaymentShape(serializers.ModelSerializer):
    amount = AmountField()
    amount_max = AmountField()
    remark = MultilingualField()

    class Meta:
        model = Payment
        fields = ("kind", "amount", "amount_max", "currency", "per", "remark")


class RecruitmentShape(Shape):
    """How a person was reached; all parts may be null, and the whole is null if they are."""

    date = PartialDateField(source="recruitment_date")
    place = serializers.CharField(source="recruitment_place")
    channel = serializers.CharField(source="recruitment_channel")
    recruited_by = serializers.CharField(source="recruitment_recruited_by")
    promises = MultilingualField(source="recruitment_promises")
    coercion = MultilingualField(source="recruitment_coercion")
    from_prison = serializers.BooleanField(source="recruitment_from_prison")

    def to_representation(self, instance: Defendant) -> Any:
        recruitment = super().to_representation(instance)
        known = any(part is not None for part in recruitment.values())
        return recruitment if known else None


class ServiceShape(serializers.ModelSerializer):
    formation = FormationReference()
    contract_signed = PartialDateField()
    began = PartialDateField()
    ended = PartialDateField()
    duties = MultilingualField()
    training = MultilingualField()
    wounded_on = PartialDateField()
    returned_on = PartialDateField()
    remarks = MultilingualField()
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


class DefendantShape(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Path of the record.")
    legal_status = serializers.SerializerMethodField(
        help_text="Derived from the rulings; `code` and a `label` in each language."
    )
    names = NameShape(many=True)
    born = PartialDateField()
    age_as_of = PartialDateField()
    citizenships = serializers.SerializerMethodField(help_text="ISO 3166-1 codes.")
    residence_region = RegionReference()
    occupation = MultilingualField()
    detained_on = PartialDateField()
    recruitment = RecruitmentShape(source="*")
    payments = PaymentShape(many=True)
    remarks = MultilingualField()
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

    def get_legal_status(self, defendant: Defendant) -> dict[str, Any]:
        status = legal_status(defendant.case.status, defendant.verdicts.all())
        return {"code": status, "label": LEGAL_STATUS_LABELS[status]}

    def get_citizenships(self, defendant: Defendant) -> list[str]:
        return sorted(country.pk for country in defendant.citizenships.all())

    def get_services(self, defendant: Defendant) -> list[dict[str, Any]]:
        services = numbered(defendant.services.all())
        return [ServiceShape(service, context=self.context).data for service in services]


class VerdictShape(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Path of the record.")
    defendant = serializers.CharField(source="defendant_id")
    court = CourtReference()
    date = PartialDateField()
    reported = PartialDateField()
    articles = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField(
        help_text="Derived: what later rulings left of this one."
    )
    changes = serializers.CharField(source="changes_id")
    remarks = MultilingualField()
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

    def get_standing(self, verdict: Verdict) -> str:
        return standing(verdict)

    def get_articles(self, verdict: Verdict) -> list[dict[str, Any]]:
        return [ArticleReference(article).data for article in by_id(verdict.articles.all())]


class CaseShape(serializers.ModelSerializer):
    """A case without its defendants and verdicts."""

    url = serializers.SerializerMethodField(help_text="Path of the record.")
    country = serializers.CharField(source="country_id")
    region = RegionReference()
    court = CourtReference()
    charges = serializers.SerializerMethodField()
    opened = PartialDateField()
    sent_to_court = PartialDateField()
    summary = MultilingualField()
    remarks = MultilingualField()
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

    def get_charges(self, case: Case) -> list[dict[str, Any]]:
        return [ArticleReference(article).data for article in by_id(case.charges.all())]
