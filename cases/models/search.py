"""What `q` searches: the folded words of each published document, and all of them as a dictionary.

See `cases.names` for folding and `cases.publishing.search` for what is folded.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Searchable(models.Model):
    """A published document that can be searched.

    words: folded, each once. "luft." with a full stop says that the word is in a person's name,
    "l." is its initial, and "lu*." says that a name begins so.
    """

    words = ArrayField(models.TextField(db_collation="C"), default=list, editable=False)

    class Meta:
        abstract = True


def words_index() -> GinIndex:
    """Without a list of rows still to be indexed: every search would read that list to its end,
    and there are many more searches than publications."""
    return GinIndex(fields=["words"], fastupdate=False)


class Word(models.Model):
    """A folded word that some version of some document contains.

    near: what is left of it without one letter; words one edit apart have one of these in common.
    """

    word = models.TextField(primary_key=True, db_collation="C")
    near = ArrayField(models.TextField(db_collation="C"))

    class Meta:
        indexes = [GinIndex(fields=["near"], fastupdate=False)]

    def __str__(self) -> str:
        return self.word
