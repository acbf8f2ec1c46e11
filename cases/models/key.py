"""Keys that raise how much a program may ask the API for. They open nothing else."""

import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.fields import VocabularyField
from cases.vocabulary import KeyPlan

PREFIX = "cases_"
# Random bytes; too many to guess, so that a plain SHA-256 is enough to keep.
RANDOM_BYTES = 32
# Letters that lists show, so that its owner can tell which key it is.
HINT_LETTERS = len(PREFIX) + 6
# How long the old key works beside the one it was changed for.
OVERLAP = timedelta(days=7)
SHA256 = "^[0-9a-f]{64}$"


def digest(key: str) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def valid(self) -> Self:
        """Those that count now."""
        now = timezone.now()
        return self.filter(Q(revoked_at=None), Q(expires_at=None) | Q(expires_at__gt=now))

    def with_digest(self, digest: str) -> Self:
        """The row of a key, also of one that was changed lately. At most one; two indexes."""
        former = Q(former_digest=digest, former_until__gt=timezone.now())
        return self.filter(Q(digest=digest) | former)


class ApiKey(models.Model):
    """A program that may ask for more.

    name: what it is; contact: whom to write to, never published. digest: hex SHA-256 of the key,
    which is kept nowhere. hint: its first letters. former_digest: of the key before, which works
    until former_until; null = none. expires_at: null = never. revoked_at: null = it is valid.
    """

    name = models.CharField(max_length=100)
    contact = models.EmailField(blank=True)
    plan = VocabularyField(choices=KeyPlan.choices, null=False, blank=False)
    hint = models.CharField(max_length=20, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    former_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "add", "change")
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                name="api_key_digest_is_hex",
                condition=Q(digest__regex=SHA256),
            ),
            models.CheckConstraint(
                name="api_key_former_has_an_end",
                condition=Q(former_digest=None, former_until=None)
                | Q(
                    former_digest__isnull=False,
                    former_digest__regex=SHA256,
                    former_until__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def renew(self) -> str:
        """A new key for an unsaved row, or in place of the one it has; the only time it is there
        to be read. The former one goes on for a while."""
        if self.digest:
            self.former_digest, self.former_until = self.digest, timezone.now() + OVERLAP
        key = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        self.digest, self.hint = digest(key), key[:HINT_LETTERS]
        return key

    def revoke(self) -> None:
        """Ends it, and the former one too."""
        self.revoked_at = timezone.now()
