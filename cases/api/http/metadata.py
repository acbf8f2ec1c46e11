"""What OPTIONS says of an address: its parameters, with what each allows."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from cases.addresses import TRACKING, TRACKING_PREFIX

SAID = ("description", "type", "allowed")


class ParametersMetadata(BaseMetadata):
    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        parameters = [
            {"name": name, "in": "query", **{key: about[key] for key in SAID if key in about}}
            for name, about in sorted(view.describe().items())
        ]
        return {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "parameters": parameters,
            # They are appended by other sites, and neither read nor refused.
            "ignored_parameters": [f"{TRACKING_PREFIX}*", *sorted(TRACKING)],
        }
