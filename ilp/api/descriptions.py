"""What each property of an answer holds, in which unit: where its field does not say so itself.

By ``Component.property``, else by property. Counts are of people unless an indicator's ``unit``
says otherwise; moments are UTC; days and weeks are those of the district.
"""

from __future__ import annotations

from typing import Any

_COUNT = "Count in the unit of the indicator; null: no data, never zero"
_DENOMINATOR = "Denominator of the count, same unit; null: none is needed or there is no data"

WORDS: dict[str, str] = {
    # Places
    "code": "Its code",
    "name": "Its name in Indonesian",
    "facility": "Code of the facility",
    "facility_name": "Name of the facility; empty: all of them",
    "district": "Code of the district, such as 19.06",
    "kind": "Kind of facility",
    "District.province": "The province it lies in",
    "District.timezone": "Time zone by its name in the tz database",
    "is_demo": "Whether its figures are made up",
    "Facility.kind": "Kind of facility",
    "Facility.parent": "Code of the facility above; null: it is the district health office",
    "ministry_code": "Code of the Ministry of Health; empty: none is known",
    "satusehat_id": "Organization id of SATUSEHAT; null: none is known",
    "latitude": "Degrees north of the equator, south negative (WGS 84); null: not known",
    "longitude": "Degrees east of Greenwich (WGS 84); null: not known",
    "operating": "Whether it is open",
    "ilp_stage": "How far it works by the rules of ILP",
    "ilp_target_year": "Calendar year by which it is to work by ILP; null: none is set",
    "start_on": "First day of this state",
    "end_on": "First day on which it no longer holds; null: it holds",
    # Weeks and reviews
    "week": "Epidemiological week, Sunday to Saturday, such as 2026-W24",
    "status": "State of the review",
    "revision": "Number of the revision, from 1; each correction after signing is a new one",
    "Revision.number": "Number of the revision, from 1",
    "Revision.document_number": "Number on the signed paper",
    "Revision.signed_at": "When it was signed",
    "submitted_at": "When the standing revision was sent; null: not yet",
    "decided_at": "When Dinkes or the Puskesmas approved or returned it; null: not yet",
    "lines": "One line an indicator, as signed; empty: nothing signed stands",
    # Counts
    "indicator": "Code of the indicator, such as KIA01",
    "cluster": "Code of the cluster: K1 to K4 or LK",
    "numerator": _COUNT,
    "denominator": _DENOMINATOR,
    "AchievementTotal.numerator": "Sum of the week's counts, unit of the indicator; null: no data",
    "AchievementTotal.denominator": "Sum of the week's denominators; null: no data",
    "version": "Rises by one with every change; 0: nobody has entered anything yet",
    "source": "How the count came in; empty: not yet",
    "entered_at": "When it was last saved; null: never",
    "entered_by": "Who saved it last",
    "note": "What the writer added, one line; empty: nothing",
    "Values.note": "The note that was sent; null: it was left out",
    "warnings": "Figures that deserve a second look; saved all the same",
    "rule": "Code of the rule, such as USUAL3",
    "message": "The sentence the writer sees",
    "is_confirmed": "Whether somebody has said that the figure is right",
    # Indicators
    "Indicator.code": "Its code, such as KIA01",
    "name_id": "Its name in Indonesian",
    "name_en": "Its name in English",
    "group_codes": "Codes of the life-cycle groups it counts",
    "Indicator.numerator": "What is counted, in words",
    "Indicator.denominator": "Of what it is a part, in words; empty: of nothing",
    "denominator_groups": "Codes of the groups whose population is the target population",
    "needs_denominator": "Whether a count comes with a denominator of its own",
    "Indicator.unit": "Unit of its counts, in Indonesian: orang, kali, rumah …",
    "annual_target": "Target of the year in percent of the target population; null: none",
    "direction": "Whether more or fewer is better",
    "level": "Kind of facility that counts it",
    "frequency": "How often it is counted",
    "calc_type": "How counts make a figure of the year: a sum, a latest state or a rate",
    "monthly_profile": "Share of the year's target due by the end of each month, in percent",
    "is_spm": "Whether it belongs to the minimum service standards (SPM)",
    "spm_no": "Number of the minimum service standard; null: none",
    "is_alert": "Whether every single case is an event to follow up",
    "valid_from": "First day of this definition",
    "valid_until": "First day on which it no longer holds; null: it holds",
    "Indicator.source": "The regulation or manual it comes from",
    # Judgement
    "population": "Target population, people; null: not known",
    "target_year": "Target of the year, people or times; null: none",
    "full_target_to_date": "Target up to the closed period had everybody reported, people or times",
    "Judged.denominator": "What the coverage is of, in the unit of the indicator",
    "gap_points": "Distance to the target in percentage points, one decimal",
    "percent_of_target": "Percent of the target to date, one decimal",
    "target_percent": "The target, in percent, one decimal",
    "coverage": "Percent of the target population, one decimal",
    "trend": "Against the period before",
    "Judged.status": "The judgement; null: none can be given",
    "remarks": "Why the judgement must be read with care",
    "expected": "Units, or units x periods, that had to report",
    "completeness": "Percent of these that did, one decimal",
    "missing": "Who has not reported, and for which period",
    "Missing.code": "Code of the unit",
    "Missing.name": "Name of the unit",
    "Line.is_due": "Whether it had to be counted this week",
    "used": "The figure used, in the unit of the indicator",
    "used_denominator": "The denominator used; null: none",
    "sum_denominator": "Sum of the denominators at signing; null: none",
    "sum_denominator_then": "Sum of the denominators when it was replaced; null: none",
    "reason": "Why, in the words of who signed",
    # Corrections and events
    "Correction.revision": "Number of the later revision",
    "after_count": "Count after the correction, in the unit of the indicator; null: no report",
    "before_denominator": "Denominator before; null: none",
    "after_denominator": "Denominator after; null: none",
    "before_cumulative": "Sum since New Year before, in the unit of the indicator",
    "after_cumulative": "Sum since New Year after, in the unit of the indicator",
    "Event.kind": "What happened",
    "Event.facility": "Code of the facility that counts it",
    "occurred_on": "The day it happened",
    "needs_audit": "Whether it must be audited (AMPSR)",
    "audited_on": "The day it was audited; null: not yet",
    # PDF documents
    "id": "Names the document in addresses",
    "Report.kind": "Kind of report",
    "is_draft": "Whether it was made before signing",
    "document_number": "Number on the paper; empty: a draft has none",
    "state": "How far it is",
    "pages": "Pages of the file; null: not ready",
    "size": "Bytes of the file; null: not ready",
    "file_sha256": "SHA-256 of the file, hexadecimal; empty: not ready",
    "template_version": "Version of the layout it is made with",
    "engine": "Versions of the programs that drew it; empty: not ready",
    "created_at": "When it was asked for",
    "finished_at": "When it was ready, or given up; null: neither yet",
    "results": "The rows of this page",
}

PARAMETERS: dict[str, str] = {
    "week": "The week, such as 2026-W24",
    "week_from": "From this week on",
    "week_to": "Up to this week",
    "code": "Its code, however it is spelt",
    "public_id": "The `id` of the document",
    "is_spm": "Only minimum service standards, or only others",
    "is_draft": "Only drafts, or only what was signed",
    "kind": "Kind of facility",
}


_ONLY_WITH_LINES = {"events", "lines_revision", "lines", "corrections"}


def describe(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: fills in what no field and no serializer says."""
    schemas = result["components"]["schemas"]
    row = schemas["ReviewRow"]
    row["required"] = [name for name in row["required"] if name not in _ONLY_WITH_LINES]
    schemas["CountWrite"]["additionalProperties"] = False
    for component, schema in schemas.items():
        name = component.removeprefix("Saved")
        for key, words in schema.get("properties", {}).items():
            text = WORDS.get(f"{name}.{key}") or WORDS.get(key)
            if "description" not in words and text:
                schema["properties"][key] = _described(words, text)
    for operations in result["paths"].values():
        for operation in operations.values():
            for one in operation.get("parameters", ()):
                if "description" not in one and one["name"] in PARAMETERS:
                    one["description"] = PARAMETERS[one["name"]]
    return result


def _described(words: dict[str, Any], text: str) -> dict[str, Any]:
    """Beside a reference nothing may stand (OpenAPI 3.0)."""
    if "$ref" in words:
        return {"allOf": [words], "description": text}
    return words | {"description": text}
