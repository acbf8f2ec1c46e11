"""Where a defendant stands before the law, derived from the case and the rulings."""

from collections.abc import Iterable

from cases.models import Verdict
from cases.vocabulary import CaseStatus, Instance, LegalStatus, Outcome, Standing

_DECISIONS = {
    Outcome.CONVICTED: LegalStatus.CONVICTED_NOT_FINAL,
    Outcome.ACQUITTED: LegalStatus.ACQUITTED,
    Outcome.DISMISSED: LegalStatus.DISMISSED,
    Outcome.COMPULSORY_TREATMENT: LegalStatus.COMPULSORY_TREATMENT,
}
_WITHOUT_RULING = {
    CaseStatus.INVESTIGATION: LegalStatus.ACCUSED,
    CaseStatus.TERMINATED: LegalStatus.DISMISSED,
}


def standing(ruling: Verdict) -> Standing:
    """What the rulings about a ruling left of it; the last one counts."""
    reviews = sorted(ruling.changed_by.all(), key=lambda review: (len(review.pk), review.pk))
    return Standing(reviews[-1].outcome) if reviews else Standing.STANDING


def legal_status(status: str, rulings: Iterable[Verdict]) -> LegalStatus:
    """Status of one defendant, from the status of the case and the defendant's own rulings.

    A conviction counts as final only when a higher court let it stand or the case is final; a
    ruling that was quashed counts as never made. Rulings are taken in the order of their ids.
    """
    standing: Verdict | None = None
    final = status == CaseStatus.FINAL
    for ruling in sorted(rulings, key=lambda ruling: (len(ruling.pk), ruling.pk)):
        if ruling.outcome == Outcome.ANNULLED:
            standing = None
        elif ruling.outcome in (Outcome.UPHELD, Outcome.CHANGED):
            final = True
            # A sentence on appeal stands also where the first court had acquitted.
            standing = ruling if ruling.sentence_kind else standing or ruling
        else:
            standing = ruling
            final = status == CaseStatus.FINAL or ruling.instance != Instance.FIRST
    if standing is None:
        return _WITHOUT_RULING.get(CaseStatus(status), LegalStatus.ON_TRIAL)
    # A ruling that upholds or changes one we do not know leaves open what that one decided,
    # unless it names a sentence.
    decided = _DECISIONS.get(Outcome(standing.outcome), LegalStatus.ON_TRIAL)
    if standing.outcome == Outcome.CHANGED and standing.sentence_kind is not None:
        decided = LegalStatus.CONVICTED_NOT_FINAL
    if decided == LegalStatus.CONVICTED_NOT_FINAL and final:
        return LegalStatus.CONVICTED
    return decided
