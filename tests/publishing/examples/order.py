"""Examples for the rules about the order of events."""

from tests import synthetic
from tests.publishing.examples import (
    SECOND_VERDICT,
    Examples,
    case,
    change,
    defendant,
    service,
    verdict,
)
from tests.synthetic import CASE, DEFENDANT, SERVICE, VERDICT


def appeal(**fields):
    """A change that adds a ruling on the first one."""
    return lambda: synthetic.add_verdict(
        defendant(), instance="appeal", outcome="upheld", changes=verdict(), **fields
    )


EXAMPLES = {
    "prosecution_is_in_order": Examples(
        broken={
            "sent to court before it was opened": (
                change(case, opened="2024-07-01"),
                [(CASE, "sent_to_court", "lies before opened")],
            ),
            "decided before it was opened": (
                lambda: (
                    change(case, sent_to_court=None)(),
                    change(verdict, date="2024-02-29")(),
                ),
                [(VERDICT, "date", "lies before the case was opened")],
            ),
            "decided before it was sent to court": (
                change(verdict, date="2024-05"),
                [(VERDICT, "date", "lies before the case was sent to court")],
            ),
            "reported before it was decided": (
                change(verdict, reported="2024-09-09"),
                [(VERDICT, "reported", "lies before the ruling")],
            ),
            "changed before it was decided": (
                appeal(date="2024-09-09"),
                [(SECOND_VERDICT, "date", f"lies before {VERDICT}, which it changes")],
            ),
        },
        fine={
            "all on one day": lambda: (
                change(case, opened="2024-09-10", sent_to_court="2024-09-10")(),
                change(verdict, reported="2024-09-10")(),
                appeal(date="2024-09-10")(),
            ),
            "opened in the month in which it was sent": change(case, opened="2024-06-30"),
            "decided in the year in which it was opened": change(verdict, date="2024"),
            "decided by some day": change(verdict, date="../2024"),
            "opened some day": change(case, opened="2024-03/.."),
            "decided on no known day": change(verdict, date=None),
            "changed in the month in which it was decided": appeal(date="2024-09"),
            "changed on no known day": appeal(date=None),
        },
    ),
    "service_is_in_order": Examples(
        broken={
            "recruited before birth": (
                change(defendant, born="2023"),
                [(DEFENDANT, "recruitment_date", "lies before born")],
            ),
            "over before the contract": (
                change(service, contract_signed="2023-06-01"),
                [(SERVICE, "ended", "lies before contract_signed")],
            ),
            "wounded before service": (
                change(service, wounded_on="2022-11-04"),
                [(SERVICE, "wounded_on", "lies before began")],
            ),
            "over before it began": (
                change(service, ended="2022-11-04"),
                [(SERVICE, "ended", "lies before began")],
            ),
            "back before it began": (
                change(service, returned_on="2022-11-04"),
                [(SERVICE, "returned_on", "lies before began")],
            ),
            "in service before the recruitment": (
                change(service, began="2022-09-30"),
                [(SERVICE, "began", "lies before the recruitment")],
            ),
            "in service after the ruling about it": (
                change(service, began="2024-09-11", wounded_on=None, ended=None, returned_on=None),
                [(SERVICE, "began", "lies after a ruling about it")],
            ),
        },
        fine={
            "recruited in the year of birth": change(defendant, born="2022"),
            "all on one day": change(
                service,
                contract_signed="2022-11-05",
                wounded_on="2022-11-05",
                ended="2022-11-05",
                returned_on="2022-11-05",
            ),
            "under contract after service began": change(service, contract_signed="2023"),
            "over in the month in which it began": change(service, ended="2022-11"),
            "recruited in the month in which service began": change(
                defendant, recruitment_date="2022-11"
            ),
            "in service some time since": change(service, began="../2024-09-12"),
            "in service on the day of the ruling": change(
                service, began="2024-09-10", wounded_on=None, ended=None, returned_on=None
            ),
            "no ruling has a date": lambda: (
                change(verdict, date=None)(),
                change(service, began="2025", wounded_on=None, ended=None, returned_on=None)(),
            ),
        },
    ),
}
