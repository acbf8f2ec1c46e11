"""The ledger: what was published, and when."""

from django.db import models
from django.db.models import Q

from cases.models.fields import VocabularyField
from cases.vocabulary import Operation, RecordKind

SHA256 = "^[0-9a-f]{64}$"

# Kinds of records that are not part of a case.
ROOTS = [
    kind.value for kind in RecordKind if kind not in (RecordKind.DEFENDANT, RecordKind.VERDICT)
]


class Publication(models.Model):
    """One state of the dataset. Numbers are gapless and become visible in order.

    digest: hex SHA-256 over the previous digest, the time and the sorted digests of the entries.
    digest_version: how this digest and those of the entries were made; see `publishing.digests`.
    note_salt: hex, of the digest of the note as it is now; "" = none, as in version 1.
    """

    number = models.PositiveIntegerField(primary_key=True)
    published_at = models.DateTimeField(db_index=True)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    digest_version = models.PositiveSmallIntegerField(default=1, db_default=1)
    note_salt = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="publication_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="publication_digest_is_hex", condition=Q(digest__regex=SHA256)
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Entry(models.Model):
    """What one publication did to one record.

    version: the one that was brought, or withdrawn. into: id of the survivor of a merge.
    body_sha256: hex, of the salt and the served bytes; null where the operation brought no
    document, as a redaction of a record that was withdrawn before. The document has the salt.
    note: the editors' public note. note_salt: hex, of the digest of a note of its own; "" = it is
    the note of the publication. digest: hex SHA-256 over all of these.
    replaced: of a redaction only, what it replaced in the past, each with hex SHA-256 `was` and
    `now`: `{"version"}` a document of this record, `{"note_of"}` the note of a publication, with
    `{"record", "id"}` of one record in it.
    significant: false = a correction that changed no fact of the record, only what its document
    quotes from other records, or that added a translation. It is not part of the digest.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="entries")
    operation = VocabularyField(choices=Operation.choices, null=False)
    record = VocabularyField(choices=RecordKind.choices, null=False)
    public_id = models.TextField(db_collation="C")
    version = models.PositiveIntegerField()
    into = models.TextField(null=True, blank=True, db_collation="C")
    body_sha256 = models.CharField(max_length=64, null=True, blank=True)
    note = models.TextField(blank=True)
    note_salt = models.CharField(max_length=64, blank=True, default="", db_default="")
    replaced = models.JSONField(null=True, blank=True)
    significant = models.BooleanField(default=True, db_default=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(
                name="entry_of_redaction",
                fields=["publication"],
                condition=Q(operation=Operation.REDACT),
            ),
            models.Index(
                name="entry_significant_of_a_root",
                fields=["id"],
                condition=Q(significant=True, record__in=ROOTS),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "public_id", "publication"],
                name="entry_is_one_a_record_and_publication",
            ),
            models.CheckConstraint(
                name="entry_brings_a_body_when_it_publishes",
                condition=Q(operation=Operation.REDACT)
                | Q(operation__in=[Operation.PUBLISH, Operation.CORRECT]) ^ Q(body_sha256=None),
            ),
            models.CheckConstraint(
                name="entry_names_the_survivor_of_a_merge",
                condition=Q(operation=Operation.MERGE) ^ Q(into=None),
            ),
            models.CheckConstraint(
                name="entry_replaces_when_it_redacts",
                condition=Q(operation=Operation.REDACT) ^ Q(replaced__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.operation} {self.record} {self.public_id}"


class LoadedFile(models.Model):
    """A dataset file as it was last loaded, so that an unchanged one is not loaded again.

    sha256: hex, of its text.
    """

    path = models.TextField(primary_key=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.path
