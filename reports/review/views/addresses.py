"""Addresses of a review."""

from __future__ import annotations

from django.urls import reverse

from reports.models import WeeklyReview


def review_kwargs(review: WeeklyReview) -> dict[str, str]:
    return {"week": str(review.week), "code": review.facility.code}


def review_url(review: WeeklyReview, name: str = "detail") -> str:
    return reverse(f"reports:review-{name}", kwargs=review_kwargs(review))
