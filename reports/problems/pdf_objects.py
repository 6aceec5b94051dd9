"""Runs alone, in the sandbox: a PDF on standard input, what it would do on standard output.

Standard library, pypdfium2 and pypdf only. Every object is looked at, also those in compressed
object streams.

    pdf_objects.py < FILE   →   {"pages": 3, "found": ["action", "file"]}, or a part of these
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

# Actions that start something; an address in a link waits for a click.
_STARTS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie",
    "/Sound", "/RichMediaExecute",
}  # fmt: skip
_HOLDS = {"/EmbeddedFiles", "/EF", "/Collection", "/RichMediaContent"}
_KINDS_THAT_HOLD = {"/FileAttachment", "/RichMedia", "/EmbeddedFile"}
MAX_PAGES = 200
_FREE = 65535  # generation of entries that are no objects
# The same outside of streams, for objects that a viewer finds though no table names them.
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAMED = re.compile(
    rb"/(?:(JavaScript|JS|Launch|SubmitForm|ImportData|GoToE|XFA)"
    rb"|(EmbeddedFiles?|FileAttachment|RichMedia))(?![A-Za-z0-9_+.-])"
)


def seen_in_bytes(content: bytes) -> set[str]:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), _STREAM.sub(b"", content))
    return {"action" if found[1] else "file" for found in _NAMED.finditer(plain)}


def objects(reader: Any) -> Iterator[Any]:
    from pypdf.generic import IndirectObject

    yield reader.trailer
    for generation, table in reader.xref.items():
        if generation != _FREE:
            for number in table:
                yield IndirectObject(number, generation, reader).get_object()
    for number in reader.xref_objStm:
        yield IndirectObject(number, 0, reader).get_object()


def dictionaries(found: Any) -> Iterator[dict[str, Any]]:
    """The object and all that stands inside it; what it refers to comes by itself."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(dict.values(one))
        elif isinstance(one, list):
            waiting.extend(list.__iter__(one))


def resolved(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def acts(one: dict[str, Any]) -> bool:
    if "/JavaScript" in one or "/JS" in one or "/XFA" in one:
        return True
    if resolved(one.get("/S")) in _STARTS:
        return True
    opening = resolved(one.get("/OpenAction"))
    if isinstance(opening, dict) and resolved(opening.get("/S")) != "/GoTo":
        return True  # a page to begin with is no action
    by_event = resolved(one.get("/AA"))
    return isinstance(by_event, dict) and any(
        isinstance(action, dict) and "/S" in action
        for action in map(resolved, dict.values(by_event))
    )


def holds(one: dict[str, Any]) -> bool:
    kinds = {resolved(one.get("/Subtype")), resolved(one.get("/Type"))}
    return bool(_HOLDS & one.keys()) or bool(kinds & _KINDS_THAT_HOLD)


def judge(content: bytes) -> set[str]:
    import io

    from pypdf import PdfReader

    found = seen_in_bytes(content)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    for one in objects(reader):
        for inside in dictionaries(one):
            if acts(inside):
                found.add("action")
            if holds(inside):
                found.add("file")
    return found


def by_viewer(content: bytes) -> dict[str, Any]:
    """What a viewer of another make finds, and how many pages it shows."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    document = pypdfium2.PdfDocument(content)
    try:
        counted = {
            "action": pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw),
            "file": pdfium.FPDFDoc_GetAttachmentCount(document.raw),
        }
        found = {kind for kind, number in counted.items() if number}
        return {"pages": len(document), "found": found}
    finally:
        document.close()


def main() -> None:
    content = sys.stdin.buffer.read()
    seen = by_viewer(content)
    found = seen["found"] | judge(content) if seen["pages"] <= MAX_PAGES else set()
    sys.stdout.write(json.dumps({"pages": seen["pages"], "found": sorted(found)}))


if __name__ == "__main__":
    main()
