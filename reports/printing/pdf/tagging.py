"""What PDF/UA asks of the tags of a table and WeasyPrint leaves out: which way a head looks."""

from __future__ import annotations

from typing import Any

import pydyf


def say_scope_of_heads(_document: Any, pdf: pydyf.PDF) -> None:
    """Heads in a table's head look down their column, heads in its body along their row. Called by
    the engine when everything is written but the file itself."""
    elements = {
        item.reference: item
        for item in pdf.objects
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
    }
    for item in elements.values():
        if item["S"] == "/TH":
            item["A"]["Scope"] = "/Column" if _is_in_head(item, elements) else "/Row"


def _is_in_head(item: pydyf.Dictionary, elements: dict[bytes, pydyf.Dictionary]) -> bool:
    parent = elements.get(item["P"])
    while parent is not None and parent["S"] != "/Table":
        if parent["S"] == "/THead":
            return True
        parent = elements.get(parent["P"])
    return False
