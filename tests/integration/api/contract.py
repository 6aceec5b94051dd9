"""The description of the API, made narrower by what only a site knows: which codes there are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Cluster
from facilities.models import District, Facility, User
from tests.factories.world import last_week


def narrowed(api: APIClient, user: User) -> dict[str, Any]:
    """The published schema; a code that nobody has, or that the user does not see, is refused, and
    no schema can list them all."""
    schema: dict[str, Any] = api.get(reverse("api:schema"), {"format": "json"}).json()
    places = list(Facility.objects.visible_to(user).values_list("code", flat=True))
    query = {
        "facility": places,
        "within": places,
        "parent": places,
        "district": list(District.objects.visible_to(user).values_list("area_id", flat=True)),
        "indicator": ["KIA01", "GIZ06"],
        "cluster": list(Cluster.objects.values_list("code", flat=True)),
        "cursor": [""],  # begins a list; all others come from its answers
        "revision": [1],
    }
    weeks = [str(last_week()), str(last_week() - 1)]
    path = {"week": weeks, "code": ["P1-PT01"], "indicator": ["KIA01"]}
    for address, operations in schema["paths"].items():
        for operation in operations.values():
            for one in operation.get("parameters", ()):
                known = query if one["in"] == "query" else path if "reviews" in address else {}
                if one["name"] in known:
                    kind = one["schema"]["type"]
                    one["schema"] = {"type": kind, "enum": known[one["name"]]}
    # KIA01 takes no denominator: a rule of the catalogue.
    body = schema["components"]["schemas"]["CountWrite"]["properties"]
    body["denominator"] |= {"type": "integer", "enum": [None]}
    del body["denominator"]["oneOf"]
    return schema
