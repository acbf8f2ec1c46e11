"""The shapes of errors."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.publishing.serializers.fields import Shape


class Problem(Shape):
    """An error, as problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="What the status means.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    code = serializers.CharField(help_text="Kind of problem, for programs.")
    detail = serializers.CharField(help_text="What is wrong here, for people.")
    request_id = serializers.CharField(
        required=False, help_text="As in X-Request-ID; it finds the request in our logs."
    )


@extend_schema_field({"type": ["array", "string", "null"], "items": {"type": "string"}})
class AllowedField(serializers.JSONField):
    """A list of values, a sentence, or null."""


class ParameterError(Shape):
    """What is wrong with one parameter."""

    param = serializers.CharField(help_text="Name of the parameter.")
    value = serializers.CharField(allow_null=True, help_text="What was given.")
    detail = serializers.CharField()
    allowed = AllowedField(help_text="The values, or a sentence that says which; null = none.")


class AvailableFormat(Shape):
    """A format that there is."""

    format = serializers.CharField(help_text="Value of the parameter `format`.")
    media_type = serializers.CharField(help_text="For the Accept header.")


class FormatsProblem(Problem):
    """A request that accepts none of the formats there are."""

    available = AvailableFormat(many=True)


class QuotaProblem(Problem):
    """A request beyond a quota."""

    violated = serializers.ListField(
        child=serializers.CharField(), help_text="The windows that are used up, by name."
    )


class ParametersProblem(Problem):
    """A request with parameters that cannot be used: all of them at once."""

    errors = ParameterError(many=True)  # type: ignore[assignment]
