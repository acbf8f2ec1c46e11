"""What the desk keeps for itself: who did what, what was checked, what must not come back.

Nothing here is ever published. The API's database role has no need to read it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.fields import VocabularyField
from cases.vocabulary import Deed, RecordKind

HEX = "^[0-9a-f]{64}$"


class Act(models.Model):
    """One thing that somebody did to a root record. Only ever added to.

    by: the person; null = a command. name: the account's name then, for readers; empty = a
    command. publication: the number it led to, of an edit the one that made it public; null =
    none, or not yet.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    # An account that did something stays: who may check is decided by its id.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=150, blank=True)
    deed = VocabularyField(choices=Deed.choices, null=False)
    record = VocabularyField(choices=RecordKind.choices, null=False)
    public_id = models.TextField(db_collation="C")
    publication = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = "entry of the audit"
        verbose_name_plural = "audit"
        indexes = [models.Index(fields=["record", "public_id", "at"])]

    def __str__(self) -> str:
        return f"{self.name or 'command'}: {self.deed} {self.record} {self.public_id}"


class Check(models.Model):
    """Somebody compared a root record with its sources and found it right.

    digest: hex SHA-256 of the content that was checked. A record that says anything else by now
    is not checked. latest_publication: number of the latest publication when it was checked; 0 =
    nothing was published yet. A check and a publication never overlap, so the number says which
    came first.
    """

    record = VocabularyField(choices=RecordKind.choices, null=False)
    public_id = models.TextField(db_collation="C")
    digest = models.CharField(max_length=64)
    latest_publication = models.PositiveIntegerField(db_default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        permissions = [
            ("check_record", "Can check what others entered"),
            ("publish_record", "Can publish"),
            ("withdraw_record", "Can withdraw what is published"),
            ("merge_record", "Can merge two cases"),
            ("redact_record", "Can redact a person"),
        ]
        constraints = [
            models.CheckConstraint(name="check_digest_is_hex", condition=Q(digest__regex=HEX)),
        ]
        indexes = [models.Index(fields=["record", "public_id", "digest"])]

    def __str__(self) -> str:
        return f"{self.record} {self.public_id} checked by {self.name}"


class RedactedPerson(models.Model):
    """A defendant whose name and identity must not come back. defendant: the public id.

    publication: the one that redacted; null = nothing had been published.
    """

    defendant = models.TextField(primary_key=True, db_collation="C")
    publication = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.defendant


class RedactedName(models.Model):
    """A word of a redacted name in one root record, without the word.

    digest: hex HMAC-SHA-256 of its folded form, with the secret key of the installation. whole:
    such words are refused only together with another one of the same name, as namesakes have one
    alone.
    """

    record = VocabularyField(choices=RecordKind.choices, null=False)
    public_id = models.TextField(db_collation="C")
    digest = models.CharField(max_length=64)
    whole = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record", "public_id", "digest"], name="redacted_name_is_kept_once"
            ),
            models.CheckConstraint(
                name="redacted_name_digest_is_hex", condition=Q(digest__regex=HEX)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.public_id}"
