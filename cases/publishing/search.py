"""Search: which words of a document can be asked for, folded, and the dictionary of them all.

Nothing else writes the words. They follow from the documents alone, so that they can be rebuilt
whenever folding changes.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import orjson
from django.db.models import Exists, F, Func, OuterRef

from cases.models import PUBLISHED, PublishedRecord, Searchable, Word, published
from cases.names import initials, readings, without_one, words
from cases.publishing.documents.build import CHUNK, chunks
from cases.vocabulary import RecordKind

Progress = Callable[[Iterable[Any]], Iterable[Any]]

# Keys of a document whose texts can be searched, wherever they stand. `names` comes beside them.
TEXTS = {
    *("name", "title", "summary", "remarks", "occupation", "court_case_number"),
    *("place", "places", "residence_place", "detained_place"),
}

SEARCHABLE: list[Any] = [model for model in PUBLISHED.values() if issubclass(model, Searchable)]


# Letters of a beginning of names that is marked; one letter is an initial.
BEGINNING = 2


def beginning(form: str) -> str:
    """The mark of names that begin with these folded letters; no folded word looks like it."""
    return f"{form[:BEGINNING]}*."


def folded(body: str) -> list[str]:
    """The words of a document as they stand in its `words` column."""
    document = orjson.loads(body)
    found: set[str] = set()
    for text in chain([document["id"]], _texts(document)):
        found.update(*map(readings, words(text)))
    for word in chain.from_iterable(map(words, _names(document))):
        found.update(readings(word))
        found.update(f"{form}." for form in readings(word) | initials(word))
        found.update(map(beginning, readings(word)))
    return sorted(found)


def index(rows: Iterable[PublishedRecord]) -> None:
    """Gives new rows their words, before they are saved, and adds these to the dictionary."""
    searchable = [row for row in rows if isinstance(row, Searchable)]
    for row in searchable:
        row.words = folded(row.body)
    _learn(row.words for row in searchable)


def refold(kind: RecordKind, public_id: str) -> None:
    """After the documents of a record were changed in place, as by redaction: words that they no
    longer hold vanish from all of its versions, and from the dictionary if nothing holds them."""
    rows: list[Any] = list(published(kind).filter(public_id=public_id))
    before = set(chain.from_iterable(row.words for row in rows))
    index(rows)
    published(kind).bulk_update(rows, ["words"])
    drop_orphans(before.difference(*(row.words for row in rows)))


def drop_orphans(among: Iterable[str] | None = None) -> int:
    """Takes words that no version of any document holds out of the dictionary; how many.

    among: only these; null = the whole dictionary.
    """
    orphans = Word.objects.all() if among is None else Word.objects.filter(pk__in=list(among))
    for model in SEARCHABLE:
        orphans = orphans.exclude(Exists(model.objects.filter(words__contains=[OuterRef("pk")])))
    return orphans.delete()[0]


def rebuild(progress: Progress = iter) -> int:
    """Folds every document again, after folding has changed; the number that differed.

    Hold the turn of publishing meanwhile.
    """
    changed = 0
    for model in SEARCHABLE:
        rows = model.objects.only("body", "words").order_by("pk").iterator(chunk_size=CHUNK)
        for chunk in chunks(progress(rows)):
            differing = []
            for row in chunk:
                if row.words != (words := folded(row.body)):
                    row.words = words
                    differing.append(row)
            model.objects.bulk_update(differing, ["words"])
            _learn(row.words for row in chunk)
            changed += len(differing)
    drop_orphans()
    stale = [word for word in Word.objects.iterator() if word.near != without_one(word.pk)]
    for word in stale:
        word.near = without_one(word.pk)
    Word.objects.bulk_update(stale, ["near"], batch_size=CHUNK)
    return changed


def differences() -> Iterator[str]:
    """How the dictionary differs from the words of the documents, as sentences; none = sound."""
    held: set[str] = set()
    for model in SEARCHABLE:
        each = model.objects.annotate(word=Func(F("words"), function="unnest"))
        held.update(each.values_list("word", flat=True).distinct().iterator())
    known = dict(Word.objects.values_list("word", "near").iterator())
    needed = {word for word in held if not word.endswith(".")}
    for word in sorted(needed ^ known.keys()):
        what = "is missing from" if word in needed else "has no document in"
        yield f"search: “{word}” {what} the dictionary"
    for word in sorted(needed & known.keys()):
        if known[word] != without_one(word):
            yield f"search: “{word}” is compared wrongly in the dictionary"


def _learn(documents: Iterable[Iterable[str]]) -> None:
    found = {word for word in chain.from_iterable(documents) if not word.endswith(".")}
    known = Word.objects.filter(pk__in=found).values_list("pk", flat=True)
    new = [Word(word=word, near=without_one(word)) for word in sorted(found.difference(known))]
    Word.objects.bulk_create(new, ignore_conflicts=True)


def _texts(value: Any) -> Iterator[str]:
    """All texts that can be searched, except the names of persons."""
    for key, part in _parts(value):
        if key in TEXTS:
            yield from _strings(part)
        else:
            yield from _texts(part)


def _names(value: Any) -> Iterator[str]:
    for key, part in _parts(value):
        if key == "names":
            yield from (name["text"] for name in part if isinstance(name, dict))
        else:
            yield from _names(part)


def _parts(value: Any) -> Iterator[tuple[str | None, Any]]:
    """What an object or list holds; sources behind those cited are left out."""
    if isinstance(value, dict) and value.get("cited", True):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((None, part) for part in value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
