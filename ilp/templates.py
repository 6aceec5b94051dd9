"""Templates are laid out to be read; compiling takes the blanks of their layout out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from django.template.base import Node, NodeList, Origin, Template, TextNode
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    ForNode,
    IfNode,
    LoadNode,
    PartialDefNode,
    WithNode,
)
from django.template.loader_tags import BlockNode
from django.template.loaders import base, cached
from django.templatetags.tz import TimezoneNode

# Line breaks and indentation: a browser shows one blank for all of it, or nothing.
_LAYOUT = re.compile(r"\s*\n\s*")
# Beside the tags of these it shows nothing, ...
_BLOCKS = (
    "html|head|meta|link|title|script|body|header|main|footer|nav|section|article|div|dialog|hr|br|"
    "h[1-6]|p|ul|ol|li|dl|dt|dd|figure|figcaption|blockquote|details|summary|form|fieldset|legend|"
    "optgroup|option|table|caption|colgroup|col|thead|tbody|tfoot|tr|th|td"
)
# ... and at the edges inside of these, which themselves stand in a line.
_BOXES = "button|select"
_BLOCK, _START, _END = (
    rf"{tag}\b[^<>]*>" for tag in (f"</?(?:{_BLOCKS})", f"<(?:{_BOXES})", f"</(?:{_BOXES})")
)
_BESIDE_TAG = re.compile(rf"\n?({_BLOCK})\n?|({_START})\n?|\n?({_END})")
_STARTS_WITH_TAG = re.compile(f"{_BLOCK}|{_END}")
_ENDS_WITH_TAG = re.compile(rf"(?:{_BLOCK}|{_START})\Z")
# Here every blank counts: it is shown, or a line break ends a statement.
_VERBATIM = re.compile(r"<(/?)(?:pre|textarea|script|style)\b[^<>]*")
_TAG_EDGE = re.compile(r"(<(?=[a-zA-Z/])|>)")
_NAME_OF_BLOCK = re.compile(f"/?(?:{_BLOCKS})")
_BEFORE_TAG_END = re.compile(r"\n(?=/?>)")


class FoldingLoader(base.Loader):
    """Folds the project's own HTML templates; those of libraries stay as they come."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        own = any(Path(template.origin.name).is_relative_to(folder) for folder in self.engine.dirs)
        if own and template_name.endswith(".html"):
            fold(template)
        return template


class Loader(cached.Loader, FoldingLoader):
    """Django's cached loader on top of the folding one: each file is folded once a process."""


def fold(template: Template) -> None:
    """Makes one line break of every run of blanks with a line break in it, none beside a block.

    At the start of a file, and around what ``partialdef`` defines, they go as well: what is
    included may stand in the middle of a sentence. Texts to translate are no text nodes, so
    message ids stay as they are.
    """
    is_verbatim, tag = False, ""
    for node in template.nodelist.get_nodes_by_type(TextNode):
        text = cast("TextNode", node)
        is_verbatim = _fold_text(text, is_verbatim)
        tag = _join_attributes(text, tag)
    _strip(template.nodelist, is_edge=True, forward=True)
    _strip(template.nodelist, is_edge=False, forward=False)


def _fold_text(node: TextNode, is_verbatim: bool) -> bool:
    """Returns whether the text ends inside an element whose blanks count."""
    parts, start = [], 0
    for tag in [*_VERBATIM.finditer(node.s), None]:
        part = node.s[start : tag.end() if tag else None]
        parts.append(part if is_verbatim else _BESIDE_TAG.sub(r"\1\2\3", _LAYOUT.sub("\n", part)))
        if tag:
            start, is_verbatim = tag.end(), not tag[1]
    node.s = "".join(parts)
    return is_verbatim


def _join_attributes(node: TextNode, tag: str) -> str:
    """One blank between attributes that stand on lines of their own, none before the end of their
    tag, and nothing behind a block's tag that began in an earlier text. ``tag``, and what is
    returned: the name of the tag that the text begins, or ends, inside of; empty for none."""
    parts, carried = [], bool(tag)
    after = ""  # the name of the tag that has just ended and was begun in an earlier text
    for part in _TAG_EDGE.split(_BEFORE_TAG_END.sub("", node.s)):
        if part == "<":
            tag, carried = "<", False
        elif part == ">":
            tag, after = "", tag if carried else ""
        elif tag == "<":
            tag = part.split(maxsplit=1)[0]
            part = part.replace("\n", " ")  # noqa: PLW2901 - the same part, joined
        elif tag:
            part = part.replace("\n", " ")  # noqa: PLW2901
        elif after:
            if _NAME_OF_BLOCK.fullmatch(after):
                part = part.removeprefix("\n")  # noqa: PLW2901
            after = ""
        parts.append(part)
    node.s = "".join(parts)
    return tag


def _strip(nodes: Iterable[Node], *, is_edge: bool, forward: bool) -> bool:
    """Takes out the line breaks that follow a block's tag with only template tags in between.

    ``is_edge``: whether nothing is printed between such a tag and the first of ``nodes``; returned
    is the same for what comes after the last one. ``forward=False`` does it from the other end.
    """
    for node in nodes if forward else reversed(list(nodes)):
        if isinstance(node, TextNode):
            is_edge = _strip_text(node, is_edge=is_edge, forward=forward)
        elif isinstance(node, PartialDefNode):
            _strip(node.nodelist, is_edge=True, forward=forward)
            is_edge = is_edge and not node.inline
        elif isinstance(node, BlockNode):
            # Another template may print something else in its place.
            _strip(node.nodelist, is_edge=False, forward=forward)
            is_edge = False
        elif branches := _branches(node):
            # None of the branches may be taken: then all is as before.
            ends = [_strip(branch, is_edge=is_edge, forward=forward) for branch in branches]
            is_edge = is_edge and all(ends)
        elif isinstance(node, ForNode):
            # What comes before the second round is the end of the first.
            rounds = cast("NodeList", node.nodelist_loop)
            ends_at_edge = _strip(rounds, is_edge=False, forward=forward)
            _strip(rounds, is_edge=is_edge and ends_at_edge, forward=forward)
            _strip(cast("NodeList", node.nodelist_empty), is_edge=is_edge, forward=forward)
            is_edge = is_edge and ends_at_edge
        elif not isinstance(node, LoadNode | CommentNode | CsrfTokenNode):
            is_edge = False
    return is_edge


def _strip_text(node: TextNode, *, is_edge: bool, forward: bool) -> bool:
    if is_edge:
        node.s = node.s.removeprefix("\n") if forward else node.s.removesuffix("\n")
    if not node.s:
        return is_edge
    return bool((_ENDS_WITH_TAG.search if forward else _STARTS_WITH_TAG.match)(node.s))


def _branches(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodelist for _, nodelist in node.conditions_nodelists]
    return [node.nodelist] if isinstance(node, WithNode | TimezoneNode) else []
