"""A week as a chat message and a picture."""

from __future__ import annotations

from django.urls import path

from reports.share import views

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(f"{_REVIEW}share/", views.review_share, name="review-share"),
    path(f"{_REVIEW}picture.png", views.review_picture, name="review-picture"),
    path("district/share/", views.district_share, name="district-share"),
    path("district/picture.png", views.district_picture, name="district-picture"),
]
