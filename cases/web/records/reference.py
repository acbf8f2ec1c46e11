"""Short pages of what records refer to: regions, courts, formations, articles and publishers."""

from cases.web.answers import Json
from cases.web.pages import Page
from cases.web.records import fields
from cases.web.records.facts import is_known

# Records that are named; the rest is counted, and behind a link.
MOST = 50


class ReferencePage(Page):
    """One entry, and the cases and figures it is in. These are given by the address.

    plural: its list in the API; parameter: the filter of cases and figures that asks for it.
    """

    template = "web/records/reference.html"
    plural = ""
    parameter = ""

    def show(self) -> Json:
        public_id = self.kwargs["public_id"]
        path = f"{self.plural}/{public_id}/"
        entry = self.answers.record(path)
        if entry.get("within"):
            entry = {**entry, "within": self._named(entry["within"])}
        figures = self._figures(public_id)
        return {
            "entry": entry,
            "id": public_id,
            "kind": self.parameter,
            "facts": [
                (label, shown(entry[name], f"/{name}"))
                for name, label, shown in fields.REFERENCE[self.plural]
                if is_known(entry.get(name))
            ],
            "cases": self.answers.get("cases/", {self.parameter: public_id, "page_size": MOST}),
            "figures": self.answers.get("statistics/", figures | {"page_size": MOST})
            if figures
            else None,
            "json": f"/api/v1/{path}",
        }

    def _named(self, formations: list[str]) -> list[Json]:
        """Formations by their ids; one that was withdrawn is called by its id."""
        found = {one["id"]: one for one in self.answers.get("formations/", {})["results"]}
        return [found.get(id_, {"id": id_, "name": {"en": id_}}) for id_ in formations]

    def _figures(self, public_id: str) -> Json:
        """What to ask figures for; empty = they cannot be asked for it."""
        if self.parameter in ("article", "formation", "publisher"):
            return {self.parameter: public_id}
        is_country = self.parameter == "region" and "-" not in public_id
        return {"country": public_id} if is_country else {}
