"""The Indonesian catalogue is complete: everything a person reads can be read in Indonesian."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from ilp.env import BASE_DIR

APPS = ("ilp", "facilities", "lifecycle", "clusters", "reports", "templates", "locale", "manage.py")
CATALOGUE = Path("locale/id/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> polib.POFile:
    """The catalogue as makemessages would leave it, made in a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    for name in APPS:
        source = BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "makemessages", "-l", "id", "--no-location"],
        cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, check=True, capture_output=True,
    )  # fmt: skip
    return polib.pofile(str(copy / CATALOGUE))


def test_nothing_is_left_untranslated(extracted: polib.POFile) -> None:
    assert len(extracted) > 900
    assert [entry.msgid for entry in extracted.untranslated_entries()] == []


def test_nothing_is_only_guessed(extracted: polib.POFile) -> None:
    assert [entry.msgid for entry in extracted.fuzzy_entries()] == []


def test_nothing_is_kept_that_nobody_says(extracted: polib.POFile) -> None:
    assert [entry.msgid for entry in extracted.obsolete_entries()] == []


def test_placeholders_survive_translation(extracted: polib.POFile) -> None:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))

    wrong = [
        entry.msgid
        for entry in extracted
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if holes(text) - holes(entry.msgid + entry.msgid_plural)
    ]
    assert wrong == []
