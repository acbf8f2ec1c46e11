"""Files that editors upload, between two steps of an import."""

import uuid

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A workbook that waits for its editor to say yes; nobody else may see it.

    It lies in the database, so that any process can take the next step. sheet: which sheet a CSV
    file is; null = a workbook, or the name of the file says it. Deleted when it is imported or
    given up, and otherwise a day later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=40, null=True, blank=True)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
