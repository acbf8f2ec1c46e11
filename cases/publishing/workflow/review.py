"""Draft, checked, published: where a root stands, and a second person's check.

A check holds for what was checked. Whatever is changed afterwards has another digest, so nothing
needs to be withdrawn when somebody edits.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson
from django.conf import settings
from django.db.models import Max

from cases.models import Case, Check, Entry, Publication, published
from cases.publishing.documents.build import Document, Json, documents
from cases.publishing.documents.embedding import own
from cases.publishing.documents.record_refs import RecordRef
from cases.publishing.ledger import diff, ledger
from cases.publishing.workflow import audit
from cases.publishing.workflow.audit import User
from cases.publishing.workflow.drafts import released
from cases.publishing.workflow.duplicates import Likely, undecided
from cases.vocabulary import Deed, Operation, RecordKind


class NotAllowedError(Exception):
    """The act is refused; the message says why and what to do."""


@dataclass
class ReviewState:
    """Where a root stands.

    digest: of what it says now, with what is pulled in. document: what it would be published as,
    null = its row is gone. check: the one that holds for that; null
    = none. editors: accounts that entered or changed it since it was last published, id: name.
    ending: the last thing that ended it, if it is not public now; null = it was never public or is.
    duplicates: cases that may be the same, and of which no editor has said that they are not.
    """

    root: RecordRef
    digest: str
    changes: diff.Changes
    document: Json | None
    editors: dict[int, str] = field(default_factory=dict)
    check: Check | None = None
    ending: Entry | None = None
    is_public: bool = False
    duplicates: list[Likely] = field(default_factory=list)

    @property
    def name(self) -> str:
        """One of draft, checked, published."""
        if self.is_public and not len(self.changes):
            return "published"
        return "checked" if self.check else "draft"

    @property
    def undecided(self) -> bool:
        """Whether a case that the public has not seen may be one that is there already."""
        return bool(self.duplicates) and not self.is_public

    @property
    def is_ready(self) -> bool:
        """Whether the desk may publish it."""
        needed = settings.REQUIRE_SECOND_EDITOR
        return bool(
            len(self.changes)
            and not self.changes.violations
            and not self.undecided
            and (self.check or not needed)
        )


def state(root: RecordRef) -> ReviewState:
    """Some queries; renders the root once."""
    pulled: list[RecordRef] = []
    with released({root}):
        selected = diff.whole({root}, pulled)
        rendered = list(documents(selected))
        changes = diff.changes_of(rendered, selected, pulled)
    own_document = next(
        (one.content for one in rendered if (one.record, one.public_id) == root), None
    )
    found = ReviewState(root, _digest(rendered), changes, own_document)
    found.editors = audit.editors({root, *changes.pulled})
    checks = Check.objects.filter(record=root.record, public_id=root.public_id, digest=found.digest)
    # What was published, corrected or withdrawn since was something else: it is checked anew.
    if last := audit.last_entry(root):
        checks = checks.filter(latest_publication__gte=last.publication_id)
    # A check by somebody who changed the record later without changing what it says is no second
    # pair of eyes. A check without an account cannot be compared with the editors.
    checks = checks.exclude(by=None).exclude(by__in=found.editors)
    found.check = checks.order_by("pk").last()
    current = published(root.record).current().filter(public_id=root.public_id)
    found.is_public = current.exists()
    if root.record == RecordKind.CASE and (case := Case.objects.filter(pk=root.public_id).first()):
        found.duplicates = undecided(case)
    if not found.is_public:
        ended = Entry.objects.filter(record=root.record, public_id=root.public_id)
        ended = ended.filter(operation__in=[Operation.WITHDRAW, Operation.MERGE])
        found.ending = ended.order_by("publication").last()
    return found


def digest(root: RecordRef) -> str:
    """Hex SHA-256 over what a root says itself and over all that would be pulled in with it."""
    return _digest(documents(diff.whole({root})))


def _digest(found: Iterable[Document]) -> str:
    said = [
        [
            document.record,
            document.public_id,
            own(document.content),
            # That two figures contradict each other is no text of either, but must be checked.
            sorted(rival["id"] for rival in document.content.get("contradicts", [])),
        ]
        for document in found
    ]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def check(root: RecordRef, by: User, seen: str) -> Check:
    """Says that somebody found a root right. seen: the digest of what that person looked at.

    NotAllowedError when it has changed since, breaks a rule, or is that person's own work.
    """
    with ledger.one_publisher_at_a_time():
        now = state(root)
        if now.digest != seen:
            raise NotAllowedError(f"{root.public_id} was changed meanwhile; look at it again.")
        if now.changes.violations:
            raise NotAllowedError(f"{root.public_id} breaks rules; they must be mended first.")
        if not len(now.changes):
            raise NotAllowedError(f"Nothing in {root.public_id} has changed.")
        if by.pk in now.editors:
            raise NotAllowedError(
                f"You entered or changed {root.public_id}; somebody else must check it."
            )
        audit.record(Deed.CHECK, [root], by)
        latest = Publication.objects.aggregate(number=Max("number"))["number"]
        return Check.objects.create(
            latest_publication=latest or 0,
            record=root.record,
            public_id=root.public_id,
            digest=now.digest,
            by_id=by.pk,
            name=by.get_username(),
        )
