"""Forms to fill in away from the page: as Excel files and on paper."""

from __future__ import annotations

from django.urls import path

from reports.sheets.views import form, paper

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(f"{_REVIEW}sheet/", form.sheet_download, name="sheet-download"),
    path(f"{_REVIEW}sheet/upload/", form.sheet_upload, name="sheet-upload"),
    path(f"{_REVIEW}sheet/<uuid:public_id>/", form.sheet_preview, name="sheet-preview"),
    path(f"{_REVIEW}paper/", paper.review_paper, name="review-paper"),
    path(
        "facilities/<str:code>/posyandu-sheet/",
        paper.posyandu_paper,
        name="posyandu-paper",
    ),
]
