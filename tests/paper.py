"""A finished PDF read back as a reader and a screen reader find it: tables, cells, headings and
boxes of words. Lengths are points, measured from the upper left corner of the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Any

import pdfplumber

MILLIMETRE = 72 / 25.4
EDGE = 10 * MILLIMETRE  # no printer reaches further
TOUCHING, APART = 1.0, 2.0


@dataclass(frozen=True)
class Box:
    """Some text and where it stands."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        across = min(self.x1, other.x1) - max(self.x0, other.x0)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOUCHING and down > TOUCHING


@dataclass
class Node:
    """An element of the structure tree on one page."""

    kind: str
    page: int
    chars: list[dict[str, Any]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    alt: str = ""

    def all(self, *kinds: str) -> Iterator[Node]:
        for child in self.children:
            if child.kind in kinds:
                yield child
            yield from child.all(*kinds)

    @cached_property
    def letters(self) -> list[dict[str, Any]]:
        return self.chars + [char for child in self.children for char in child.letters]

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        yield "".join(char["text"] for char in self.chars)
        for child in self.children:
            yield from child._texts()
        if self.kind in {"P", "Div", "LI"}:
            yield " "

    @property
    def box(self) -> Box | None:
        inked = [char for char in self.letters if char["text"].strip()]
        if not inked:
            return None
        return Box(
            self.text, min(c["x0"] for c in inked), min(c["top"] for c in inked),
            max(c["x1"] for c in inked), max(c["bottom"] for c in inked),
        )  # fmt: skip


class Paper:
    """All pages of a PDF. Margin boxes (footer) are no part of the tree."""

    def __init__(self, content: bytes) -> None:
        self._file = pdfplumber.open(io.BytesIO(content))
        self.pages = self._file.pages
        self.roots = [self._tree(page, number) for number, page in enumerate(self.pages)]

    def _tree(self, page: Any, number: int) -> Node:
        by_mark: dict[int, list[dict[str, Any]]] = {}
        for char in page.chars:
            by_mark.setdefault(char.get("mcid"), []).append(char)

        def node(raw: dict[str, Any]) -> Node:
            found = Node(raw["type"], number, alt=raw.get("alt_text", ""))
            for mark in raw.get("mcids", ()):
                found.chars += by_mark.get(mark, [])
            found.children = [node(child) for child in raw.get("children", ())]
            return found

        root = Node("Page", number)
        root.children = [node(raw) for raw in page.structure_tree]
        return root

    @property
    def text(self) -> str:
        return " ".join(root.text for root in self.roots)

    def words(self, number: int) -> list[Box]:
        found = self.pages[number].extract_words(
            x_tolerance=1, keep_blank_chars=False, use_text_flow=True, extra_attrs=["mcid"]
        )
        return [Box(w["text"], w["x0"], w["top"], w["x1"], w["bottom"]) for w in found]

    def page_text(self, number: int) -> str:
        return " ".join(word.text for word in self.words(number))

    def tables(self) -> Iterator[Node]:
        for root in self.roots:
            yield from root.all("Table")

    def rows(self) -> Iterator[list[Node]]:
        for table in self.tables():
            for row in table.all("TR"):
                yield [cell for cell in row.children if cell.kind in {"TD", "TH"}]

    def cells(self) -> list[list[str]]:
        return [[cell.text for cell in row] for row in self.rows()]


# ── what every printed paper keeps to: each gives what is wrong ─────────────────────────────────


def overlapping_words(paper: Paper) -> list[str]:
    wrong = []
    for number in range(len(paper.pages)):
        words = sorted(paper.words(number), key=lambda word: word.top)
        for place, one in enumerate(words):
            below = takewhile(lambda word: word.top < one.bottom, words[place + 1 :])  # noqa: B023
            wrong += [f"page {number + 1}: {one} {word}" for word in below if one.overlaps(word)]
    return wrong


def words_beyond_the_edge(paper: Paper) -> list[str]:
    wrong = []
    for number, page in enumerate(paper.pages):
        for word in paper.words(number):
            inside = (
                word.x0 >= EDGE - 0.5 and word.x1 <= page.width - EDGE + 0.5
                and word.top >= EDGE - 0.5 and word.bottom <= page.height - EDGE + 0.5
            )  # fmt: skip
            if not inside:
                wrong.append(f"page {number + 1}: {word}")
    return wrong


def touching_cells(paper: Paper) -> list[str]:
    """Neighbours in a row with less than two points between their texts."""
    wrong = []
    for row in paper.rows():
        for one, other in pairwise(row):
            left, right = one.box, other.box
            if left and right and right.x0 - left.x1 < APART:
                wrong.append(f"page {one.page + 1}: {left} {right}")
    return wrong


def tables_without_head(paper: Paper) -> list[str]:
    """Each page's part of a table begins with its head, or has heads in its rows."""
    wrong = []
    for table in paper.tables():
        has_head = any(child.kind == "THead" for child in table.children)
        rows = list(table.all("TR"))
        has_row_heads = all(any(c.kind == "TH" for c in row.children) for row in rows)
        if not has_head and not has_row_heads:
            wrong.append(f"page {table.page + 1}: {table.text[:60]}")
    return wrong


def headings_at_the_foot(paper: Paper) -> list[str]:
    """Headings, table heads and bands of a table with nothing below them on their page."""
    wrong = []
    for root in paper.roots:
        lowest = max((c["bottom"] for c in root.letters), default=0)
        for heading in root.all("H1", "H2", "H3"):
            box = heading.box
            if box and box.bottom > lowest - 2:
                wrong.append(f"page {root.page + 1}: {heading.text}")
        for table in root.all("Table"):
            rows = list(table.all("TR"))
            last = rows[-1].children if rows else []
            if rows and all(cell.kind == "TH" for cell in last):
                wrong.append(f"page {root.page + 1}: band {rows[-1].text[:60]}")
    return wrong


def footers_missing(paper: Paper) -> list[str]:
    whole = len(paper.pages)
    return [
        f"page {number} of {whole}"
        for number in range(1, whole + 1)
        if f"Halaman {number} dari {whole} " not in paper.page_text(number - 1)
    ]


def lonely_signature(paper: Paper, title: str, before: str) -> list[str]:
    """The page with the signature must also have ``before`` and some lines above it."""
    wrong = []
    for root in paper.roots:
        if title in root.text.partition(before)[2]:
            continue
        if f"{title}," in root.text:
            wrong.append(f"page {root.page + 1}")
    return wrong


LAYOUT = (
    overlapping_words, words_beyond_the_edge, touching_cells, tables_without_head,
    headings_at_the_foot, footers_missing,
)  # fmt: skip


def layout_faults(content: bytes) -> dict[str, list[str]]:
    """By rule what is wrong with the layout; empty for a good paper."""
    paper = Paper(content)
    found = {check.__name__: check(paper) for check in LAYOUT}
    return {name: wrong[:5] for name, wrong in found.items() if wrong}
