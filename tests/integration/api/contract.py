"""The description of the API, made narrower by what only a site knows: which codes there are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Cluster, Indicator
from facilities.models import District, Facility


def narrowed(api: APIClient) -> dict[str, Any]:
    """The published schema; a code that nobody has is refused, and no schema can list them all."""
    schema: dict[str, Any] = api.get(reverse("api:schema"), {"format": "json"}).json()
    places = list(Facility.objects.values_list("code", flat=True))
    known = {
        "facility": places,
        "within": places,
        "parent": places,
        "district": list(District.objects.values_list("area_id", flat=True)),
        "indicator": sorted(set(Indicator.objects.values_list("code", flat=True)))[:9],
        "cluster": list(Cluster.objects.values_list("code", flat=True)),
        "cursor": [""],  # begins a list; all others come from its answers
        "revision": [1],
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            for one in operation.get("parameters", ()):
                if one["in"] == "query" and one["name"] in known:
                    one["schema"] = {
                        "type": one["schema"]["type"], "enum": known[one["name"]],
                    }  # fmt: skip
    return schema
