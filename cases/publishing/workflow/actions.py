"""What editors do with what is published: publish, withdraw, merge, redact; each is audited.

`by` is the person at the desk; null = a command, whose operator is trusted: no second check.
"""

from collections.abc import Collection, Iterator, Mapping

from django.conf import settings
from django.db.models import ProtectedError

from cases.models import Case, Defendant, Publication
from cases.publishing.documents.build import chunks, documents
from cases.publishing.documents.embedding import embedders
from cases.publishing.documents.record_refs import (
    ROOTS,
    WITH_DRAFTS,
    WORKING,
    RecordRef,
    Selection,
    root_of,
    versions,
)
from cases.publishing.ledger import diff, ledger
from cases.publishing.redaction import memory, redacting
from cases.publishing.redaction.bodies import Target
from cases.publishing.workflow import audit, confirmations, duplicates
from cases.publishing.workflow import merge as merging
from cases.publishing.workflow.audit import User
from cases.publishing.workflow.drafts import released
from cases.publishing.workflow.drafts import waiting as drafts
from cases.publishing.workflow.republish import affected
from cases.publishing.workflow.review import NotAllowedError, ReviewState, state
from cases.vocabulary import Deed, Operation, RecordKind


def publish(
    selected: Selection,
    note: str,
    by: User | None,
    *,
    embedding: bool = False,
    progress: diff.Progress = iter,
    seen: Mapping[RecordRef, str] | None = None,
) -> Publication | None:
    """Publishes roots from the desk. Null when nothing of them had changed.

    embedding: with what embeds them and changes in nothing else. seen: digests of what the editor
    looked at; what has changed since is refused. NotAllowedError, and RulesBrokenError.
    """
    with ledger.one_publisher_at_a_time():
        for root in selected:
            _allow(state(root), note, by, seen)
        with released(selected, for_good=True):
            around = affected(selected).ready if embedding else set()
            publication = ledger.publish(note, progress, {*selected, *around})
        if publication:
            _audit(Deed.PUBLISH, publication, by)
        return publication


def confirm(root: RecordRef, answers: Mapping[str, str], seen: str) -> int:
    """Stores what editors found in the sources of changed values; how many answers were stored.

    answers: see `confirming.answer`. seen: the digest of what the editor looked at.
    NotAllowedError when the record has changed since, or nothing was answered.
    """
    with ledger.one_publisher_at_a_time():
        now = state(root)
        if now.digest != seen:
            raise NotAllowedError(f"{root.public_id} was changed meanwhile; look at it again.")
        stored = confirmations.answer(list(confirmations.questions(now.changes.cited)), answers)
        if not stored:
            raise NotAllowedError("No source was chosen; say what each source supports.")
        return stored


def not_the_same(root: RecordRef, other: str, reason: str) -> None:
    """Stores why a case is not the same as another one. NotAllowedError without a reason."""
    if not reason.strip():
        raise NotAllowedError(f"Say why {root.public_id} is not the same as {other}.")
    case = Case.objects.filter(pk=root.public_id).first()
    if case is None or other not in {likely.case for likely in duplicates.undecided(case)}:
        raise NotAllowedError(f"{other} is not among the cases that may be {root.public_id}.")
    duplicates.decide(case, other, reason.strip())


def waiting(progress: diff.Progress = iter) -> Iterator[ReviewState]:
    """Every root that differs from what is published, with its state; holds their ids only.

    What was withdrawn waits for nothing: it is published again only by itself.
    """
    seen: set[RecordRef] = set()
    for document, current in diff.compared(progress(documents())):
        root = root_of(document.record, document.public_id)
        if root in seen:
            continue
        if current is None or diff.content(current) != document.content:
            seen.add(root)
    for kind in WITH_DRAFTS:
        seen.update(
            RecordRef(kind, pk) for pk in drafts(kind).values_list("pk", flat=True).iterator()
        )
    for root in sorted(seen):
        found = state(root)
        if len(found.changes) and not found.ending:
            yield found


def withdraw_with_identity(
    case: RecordRef, note: str, by: User | None
) -> tuple[Publication, Target, Publication | None]:
    """Withdraws a case and redacts all of its defendants in every past state, both or neither.

    Two publications, which become visible at the same moment: the redaction, then the withdrawal.
    Returns the withdrawal, who was redacted, and the redaction; None = no name was published.
    NotAllowedError, and RedactionRefusedError as for `redact`.
    """
    if case.record != RecordKind.CASE:
        raise NotAllowedError(f"{case.public_id} is no case, so it has no defendants to redact.")
    with ledger.one_publisher_at_a_time():
        people = sorted(
            {
                *versions(case, RecordKind.DEFENDANT).values_list("public_id", flat=True),
                *Defendant.objects.filter(case=case.public_id).values_list("pk", flat=True),
            }
        )
        if not people:
            raise NotAllowedError(f"{case.public_id} has no defendants to redact.")
        target = redacting.find(people[0], same=people[1:])
        redaction = redact(target, note, by)
        return withdraw(case, note, by), target, redaction


def withdraw(root: RecordRef, note: str, by: User | None) -> Publication:
    """Takes a root out of what is public; its address answers 410 with the note from then on.

    The row stays in the working copy as a draft; an entry of a reference table, which knows no
    drafts, is deleted. NotAllowedError when it is not public, when others embed it, and without
    a note.
    """
    if not note.strip():
        raise NotAllowedError("A public note is required: why it is withdrawn.")
    with ledger.publishing(note) as opened:
        gone = [
            diff.Gone(kind, public_id, version)
            for kind in RecordKind
            for public_id, version in versions(root, kind)
            .current()
            .order_by("public_id")
            .values_list("public_id", "version")
        ]
        if not gone:
            raise NotAllowedError(f"{root.public_id} is not published.")
        if root.record != RecordKind.CASE and (users := embedders([root])):
            named = ", ".join(sorted(user.public_id for user in users)[:20])
            raise NotAllowedError(f"{root.public_id} is still part of what is published: {named}.")
        model = WORKING[root.record]
        rows = model._default_manager.filter(pk=root.public_id)
        if root.record in WITH_DRAFTS:
            rows.update(draft=True)
        else:
            try:
                rows.delete()
            except ProtectedError as error:
                raise NotAllowedError(
                    f"{root.public_id} is still named in the working copy."
                ) from error
        for some in chunks(gone):
            opened.end(Operation.WITHDRAW, some)
        audit.record(Deed.WITHDRAW, [root], by, opened.begin().number)
    return opened.begin()


def merge(
    case: str, survivor: str, mapped: Mapping[str, str], note: str, by: User | None
) -> Publication:
    """Merges a case into another one that is about the same prosecution.

    mapped: what becomes of each defendant and verdict of the merged case: the id of a record of
    the survivor, "move" to make it one of the survivor's, or "withdraw". The addresses of what is
    mapped or moved lead to the survivor's from then on. NotAllowedError, and RulesBrokenError
    when the survivor would break a rule with what was moved there.
    """
    if not note.strip():
        raise NotAllowedError("A public note is required: why the cases are one.")
    with ledger.publishing(note) as opened:
        # What is half done in the survivor would go out with it.
        now = state(RecordRef(RecordKind.CASE, survivor))
        if not now.is_public:
            raise NotAllowedError(f"{survivor} is not published; publish it first.")
        if len(now.changes):
            raise NotAllowedError(f"{survivor} has changes; publish them first.")
        # What is half done in the merged case would move there and go out as well.
        if WORKING[RecordKind.CASE]._default_manager.filter(pk=case).exists() and len(
            state(RecordRef(RecordKind.CASE, case)).changes
        ):
            raise NotAllowedError(f"{case} has changes; publish them first, or undo them.")
        merged, withdrawn = merging.merge(case, survivor, mapped)
        memory.follow(merging.ids(merged))
        with released({RecordRef(RecordKind.CASE, survivor)}, for_good=True):
            opened.bring(only={RecordRef(RecordKind.CASE, survivor)})
        for some in chunks(sorted(merged)):
            opened.end(Operation.MERGE, some, into=merging.ids(merged))
        for some in chunks(sorted(withdrawn)):
            opened.end(Operation.WITHDRAW, some)
        roots = [RecordRef(RecordKind.CASE, case), RecordRef(RecordKind.CASE, survivor)]
        audit.record(Deed.MERGE, roots, by, opened.begin().number)
    return opened.begin()


def redact(target: Target, note: str, by: User | None) -> Publication | None:
    """Redacts a person; see `redaction`. Null when nothing of that person was ever published."""
    with ledger.one_publisher_at_a_time():
        publication = redacting.redact(target, note)
        roots = [root_of(RecordKind.DEFENDANT, one) for one in target.defendants]
        number = publication.number if publication else None
        audit.record(Deed.REDACT, roots, by, number)
        return publication


def _allow(
    now: ReviewState, note: str, by: User | None, seen: Mapping[RecordRef, str] | None
) -> None:
    root = now.root
    if now.changes.violations:
        raise ledger.RulesBrokenError(now.changes.violations)
    if by is None:
        return
    if seen is not None and seen.get(root) != now.digest:
        raise NotAllowedError(f"{root.public_id} was changed meanwhile; look at it again.")
    if now.ending and now.ending.operation == Operation.MERGE:
        raise NotAllowedError(
            f"{root.public_id} was merged into {now.ending.into}; its id is not used again."
        )
    if now.undecided and len(now.changes):
        others = ", ".join(map(str, now.duplicates))
        raise NotAllowedError(
            f"{root.public_id} may be the same as {others}: merge them, or say why they are not."
        )
    explained = now.changes.corrected or now.changes.withdrawn or now.ending
    if explained and not note.strip():
        raise NotAllowedError(
            f"A public note is required: {root.public_id} is published already, and the note says "
            "what was corrected and why."
        )
    if settings.REQUIRE_SECOND_EDITOR and len(now.changes) and not now.check:
        raise NotAllowedError(
            f"{root.public_id} must be checked by somebody who did not enter or change it."
        )


def _audit(deed: Deed, publication: Publication, by: User | None) -> None:
    entries: Collection[tuple[str, str]] = publication.entries.filter(record__in=ROOTS).values_list(
        "record", "public_id"
    )
    roots = [RecordRef(RecordKind(record), public_id) for record, public_id in entries]
    for some in chunks(roots):
        audit.record(deed, some, by, publication.number)
