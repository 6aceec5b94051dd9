"""A week as a chat message and a picture."""

from __future__ import annotations

from django.urls import path

from reports.views import share

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(f"{_REVIEW}share/", share.review_share, name="review-share"),
    path(f"{_REVIEW}picture.png", share.review_picture, name="review-picture"),
    path("district/share/", share.district_share, name="district-share"),
    path("district/picture.png", share.district_picture, name="district-picture"),
]
