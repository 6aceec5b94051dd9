"""Code that nothing uses: vulture, told what Django, its neighbours and the templates use.

    python scripts/dead_code.py      prints what is unused; exit code 1 when anything is

Vulture goes by names. Beside the names in the Python code these count as used:

- names inside the tags of templates: a property drawn only there is in use, one named nowhere
  is not;
- strings that are a name, a dotted path or a lookup: fields in ``values_list("week")``,
  middleware in the settings, methods named to a filter;
- what a class of ours gives to a class of a library it derives from (``list_display``,
  ``add_arguments``, ``to_representation``), and all fields of models;
- the members of enumerations, which are values of data, and ``class Meta``;
- what ``HOOKS``, ``KEPT`` and ``ELSEWHERE`` name, each with its reason.
"""

from __future__ import annotations

import ast
import enum
import fnmatch
import importlib
import inspect
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("facilities", "lifecycle", "clusters", "reports", "ilp")
SKIPPED = ("*/migrations/*",)
CONFIDENCE = 60

# Looked up by their name alone, by no base class and no string of ours.
HOOKS = {
    "clean_*": "Django forms ask each field's own check",
    "get_*": "serializers ask SerializerMethodField's method",
    "validate_*": "serializers ask each field's own check",
    "from_db_value": "model fields: an optional method of Django's",
    "as_postgresql": "lookups: by the database's vendor",
    "process_*": "middleware: optional methods of Django's",
    "validate": "password validators: duck typing",
    "Command": "management commands are found by this name",
    "put": "views of the API: the method of the request",
    "handler[45]0?": "Django reads them of the URLconf: the answers to errors",
    "*Config": "Django finds the configuration of an app by its base class",
    "has_*_permission": "the admin asks; a mixin has no base class to show it",
    "formfield_overrides": "the admin asks; a mixin has no base class to show it",
    "USERNAME_FIELD": "Django's authentication reads it",
    "EMAIL_FIELD": "Django's authentication reads it",
    "CountedTokenScheme": "found by drf-spectacular through its base class",
    "app_name": "the namespace of a URLconf",
    "handler500": "Django looks it up in the URLconf",
    "upload_handlers": "Django reads it of a request",
    "quotePrefix": "openpyxl reads it of a cell",
    "external_attr": "zipfile reads it of an entry",
}
# Used by nothing in the product, and wanted.
KEPT = {
    "said_plainly": "manage.py says it of a command that met a fault of the machine",
    "lost_files": "tests ask what a round of the reconciler found",
    "unjudged": "stands in every sheet that was frozen",
    "data_due_at": "stands in every sheet that was frozen",
    "need_per_week": "stands in every sheet that was frozen",
    "signal_tolerance": "a frozen sheet explains its signal",
}
DECORATORS = (
    "@admin.register", "@register.*", "@shared_task", "@receiver", "@*.connect", "@app.task",
    "@*Field.register_lookup", "@extend_schema*",
)  # fmt: skip
# Attributes and names set for somebody else to read.
ELSEWHERE = {
    "ilp/settings.py": "Django and its neighbours read settings",
    "ilp/formats/*/formats.py": "Django reads formats",
    "reports/sheets/xlsx/writing.py": "openpyxl reads what is set on its objects",
}

_TAG = re.compile(r"{[{%](.*?)[%}]}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_PATH = re.compile(r"-?[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)*")


def template_names() -> Iterator[str]:
    for path in ROOT.glob("templates/**/*.html"):
        for tag in _TAG.findall(path.read_text(encoding="utf-8")):
            yield from _NAME.findall(tag)


def string_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _PATH.fullmatch(text):
            for part in _NAME.findall(text):
                yield from (part, *part.split("__"))


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in PACKAGES


def given_names(kind: type) -> Iterator[str]:
    """What a class of ours defines because a class it derives from, not ours, has it too."""
    libraries = [base for base in kind.__mro__ if not is_ours(base) and base is not object]
    for name in vars(kind):
        if any(name in vars(base) or name in _annotations(base) for base in libraries):
            yield name
    # A filter set's metaclass takes its filters out of the class.
    yield from getattr(kind, "declared_filters", ())
    if issubclass(kind, enum.Enum):
        yield from kind.__members__
    meta = getattr(kind, "_meta", None)
    if meta is not None and hasattr(meta, "get_fields"):
        yield from (field.name for field in meta.get_fields())
        yield from vars(vars(kind).get("Meta", object))
    elif isinstance(inner := vars(kind).get("Meta"), type):
        yield from vars(inner)


def _annotations(kind: type) -> dict[str, object]:
    return vars(kind).get("__annotations__", {})


def class_names() -> Iterator[str]:
    for module in modules():
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == module.__name__:
                yield from given_names(kind)


def meta_names(tree: ast.AST) -> Iterator[str]:
    """Django takes ``class Meta`` away from a model once it has read it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            for line in node.body:
                if isinstance(line, ast.Assign):
                    yield from (one.id for one in line.targets if isinstance(one, ast.Name))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)

    import django
    from vulture import Vulture

    django.setup()
    used = {*template_names(), *class_names()}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {*string_names(tree), *meta_names(tree)}

    vulture = Vulture(ignore_decorators=list(DECORATORS), ignore_names=[*HOOKS, *KEPT])
    vulture.scavenge(list(PACKAGES), exclude=list(SKIPPED))
    found = [
        item
        for item in vulture.get_unused_code(min_confidence=CONFIDENCE)
        if item.name not in used
        and not any(fnmatch.fnmatch(str(_place(item)), pattern) for pattern in ELSEWHERE)
    ]
    for item in found:
        print(f"{_place(item)}:{item.first_lineno}: {item.message}")  # noqa: T201
    return int(bool(found))


def _place(item: object) -> Path:
    return Path(item.filename).resolve().relative_to(ROOT)  # type: ignore[attr-defined]


if __name__ == "__main__":
    raise SystemExit(main())
