"""Shapes of what the ledger answers: changes, versions of a record, publications."""

from typing import Any

from rest_framework import serializers

from cases.api.schemas.lists import Counted, Logged
from cases.publishing.serializers.fields import Shape
from cases.vocabulary import Operation, RecordKind

SALT = "64 hex digits that precede the text in its digest; null = none, as in `digest_version` 1."
DIGEST_VERSION = "How the digests were made, see `digest`."


class Redacted(Shape):
    """That a document was replaced since, as a person was taken out of it."""

    publication = serializers.IntegerField(min_value=1)
    body_sha256 = serializers.CharField(help_text="Digest of what is there now.")


class Replaced(Shape):
    """What a redaction replaced: a `version` of the record, or the `note_of` a publication, with
    `record` and `id` the own note of one record in it."""

    version = serializers.IntegerField(min_value=1, required=False)
    note_of = serializers.IntegerField(min_value=1, required=False)
    record = serializers.ChoiceField(RecordKind.choices, required=False)
    id = serializers.CharField(required=False)
    was = serializers.CharField(help_text="Digest of what was there; its salt was destroyed.")
    now = serializers.CharField(help_text="Digest of what the redaction put there.")


class ChangedValue(Shape):
    """A value that a correction changed. Dates are EDTF, other records ids."""

    path = serializers.CharField(
        help_text="JSON pointer into the document; an item of `defendants`, `verdicts` or "
        "`services` is named by its id."
    )
    # Of any type, null included.
    to = serializers.JSONField(
        help_text="The value in this version; null = none. Of a part that was added its id."
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so that no attribute can be called so."""
        before = serializers.JSONField(
            help_text="The value in the version before; null = none. Of a part that was removed "
            "its id."
        )
        fields = super().get_fields()
        return {"path": fields["path"], "from": before, "to": fields["to"]}


class Change(Shape):
    """What one publication did to one record. `digest` is SHA-256 over `op`, `record`, `id`,
    `version`, `into`, `body_sha256`, `note_sha256`, if it is not null `replaced`, and from version
    2 on `digest_version`, as JSON with sorted keys."""

    publication = serializers.IntegerField(min_value=1)
    published_at = serializers.DateTimeField()
    op = serializers.ChoiceField(Operation.choices)
    record = serializers.ChoiceField(RecordKind.choices)
    id = serializers.CharField()
    case = serializers.CharField(
        allow_null=True, help_text="Of a defendant or verdict: the id of its case."
    )
    version = serializers.IntegerField(
        min_value=0, help_text="The version that was brought, withdrawn or redacted; 0 = none."
    )
    significant = serializers.BooleanField(
        help_text="False = a correction that changed no fact of the record: only something that "
        "its document quotes from another record, such as the name of a court, or a translation "
        "was added."
    )
    changed = ChangedValue(
        many=True,
        allow_null=True,
        help_text="What a correction changed in the record itself. Null = there is nothing to "
        "compare with, or the record was withdrawn or merged since.",
    )
    into = serializers.CharField(allow_null=True, help_text="Of a merge: the id that survives.")
    note = serializers.CharField(help_text="The editors' public reason; empty = none.")
    note_sha256 = serializers.CharField(
        help_text="SHA-256 of its salt and the note as it was written, as hex."
    )
    note_salt = serializers.CharField(
        allow_null=True, help_text=f"Salt of the note as it is now: {SALT}"
    )
    url = serializers.CharField(
        allow_null=True, help_text="Path of the document it brought; null = it brought none."
    )
    body_sha256 = serializers.CharField(
        allow_null=True,
        help_text="SHA-256 of its salt and the document as it was served then, as hex.",
    )
    salt = serializers.CharField(
        allow_null=True, help_text=f"Salt of the document as it is now: {SALT}"
    )
    redacted = Redacted(
        allow_null=True, help_text="Null, unless the document was replaced since by a redaction."
    )
    replaced = Replaced(many=True, allow_null=True, help_text="Of a redaction: what it replaced.")
    digest = serializers.CharField()
    digest_version = serializers.IntegerField(min_value=1, help_text=DIGEST_VERSION)


class ChangeList(Logged):
    """Changes in the order they were made."""

    results = Change(many=True)


class VersionList(Counted):
    """The history of one record, oldest first."""

    results = Change(many=True)


class Publication(Shape):
    """One state of the dataset. `digest` is SHA-256 over lines: `digest_version`, `number`,
    `published_at`, the digest before it, which is empty for the first, and the sorted digests of
    its changes. In version 1 it is over the last two, all as hex and without line ends."""

    number = serializers.IntegerField(min_value=1)
    published_at = serializers.DateTimeField()
    note = serializers.CharField(help_text="The editors' public note; empty = none.")
    digest = serializers.CharField()
    digest_version = serializers.IntegerField(min_value=1, help_text=DIGEST_VERSION)
    url = serializers.CharField(help_text="Path of its changes.")


class PublicationList(Logged):
    """Publications in their order."""

    results = Publication(many=True)
