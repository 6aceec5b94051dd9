"""Signing in several processes: what the others need is committed, each Puskesmas stands alone."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from ilp.demo.generate import Story


def set_up() -> None:
    """A fresh process knows nothing of Django yet; nothing above may import a model."""
    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def sign(story: Story) -> None:
    """In a process of its own."""
    from ilp.demo.freeze import sign_reviews

    sign_reviews(story.reviews, story.corrections, story.cast, story.seed)


def sign_apart(story: Story, processes: int) -> None:
    """The Puskesmas with most Pustu first, so that none is left for the end alone."""
    with ProcessPoolExecutor(processes, get_context("spawn"), set_up) as pool:
        list(pool.map(sign, story.by_puskesmas()))
