"""Who sees which place, written out by hand; pages and API are tried against the same table."""

from __future__ import annotations

BELOW_P1 = {"puskesmas", "pustu", "other_pustu", "posyandu", "direct_posyandu"}
DISTRICT = {"dinkes", "sibling", *BELOW_P1}
# What each role may see, written out by hand.
SEES: dict[str, set[str]] = {
    "admin": {"foreign", *DISTRICT},
    "dinkes": DISTRICT,
    "puskesmas_head": BELOW_P1,
    "cluster_officer": BELOW_P1,
    "pustu_head": {"pustu", "posyandu"},
    "kader": {"posyandu"},
    "province": set(),  # reads the API only: see NO_PAGES
    "sibling_head": {"sibling"},
    "outsider": {"foreign"},
    "nobody": set(),
}
NO_PAGES = {"province"}
EVERYBODY = set(SEES)
REVIEWED = ("puskesmas", "pustu", "other_pustu", "sibling", "foreign")
FILLS_IN = {
    "puskesmas": {"puskesmas_head", "cluster_officer"},
    "pustu": {"pustu_head", "puskesmas_head"},
    "other_pustu": {"puskesmas_head"},
    "sibling": {"sibling_head"},
    "foreign": {"outsider"},
}
