from __future__ import annotations

import datetime as dt
import zoneinfo

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.querysets import DistrictQuerySet


class DistrictTimeZone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class Logo(models.Model):
    """An emblem, named by its bytes and never changed: a signed report keeps the one it had."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)  # image/png or image/jpeg

    def __str__(self) -> str:
        return self.sha256[:12]


@pghistory.track()
class District(models.Model):
    """A district health office (Dinkes) using this installation, with its letterhead."""

    area = models.OneToOneField("facilities.Area", models.PROTECT, verbose_name=_("area"))
    timezone = models.CharField(
        _("time zone"), max_length=20, choices=DistrictTimeZone, default=DistrictTimeZone.WIB
    )
    is_demo = models.BooleanField(_("demo data"), default=False)
    # Letterhead (kop surat) and texts of the weekly report.
    logo = models.ForeignKey(
        "facilities.Logo", models.PROTECT, null=True, blank=True, verbose_name=_("logo")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    seat = models.CharField(_("seat (place named beside the date)"), max_length=100, blank=True)
    head_name = models.CharField(_("name of the head"), max_length=100, blank=True)
    head_title = models.CharField(_("office of the head"), max_length=100, blank=True)
    head_rank = models.CharField(_("rank of the head"), max_length=100, blank=True)
    head_nip = models.CharField(_("NIP of the head"), max_length=30, blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    document_number_pattern = models.CharField(
        _("document number pattern"),
        max_length=100,
        default="440/{sequence:03d}/{facility}/{roman_month}/{year}",
        help_text=_("May contain {sequence}, {facility}, {week}, {roman_month} and {year}."),
    )
    # Weekly deadlines, local time (domain/weekly_review.md E).
    data_closes_weekday = models.PositiveSmallIntegerField(_("data close: weekday"), default=0)
    data_closes_at = models.TimeField(_("data close: time"), default=dt.time(12))
    sent_by_weekday = models.PositiveSmallIntegerField(_("sent by: weekday"), default=1)
    sent_by_at = models.TimeField(_("sent by: time"), default=dt.time(16))
    meeting_by_weekday = models.PositiveSmallIntegerField(_("meeting held by: weekday"), default=1)
    meeting_by_at = models.TimeField(_("meeting held by: time"), default=dt.time(12))
    answered_by_weekday = models.PositiveSmallIntegerField(_("answered by: weekday"), default=3)
    answered_by_at = models.TimeField(_("answered by: time"), default=dt.time(16))
    # No message leaves between these two (local time); it waits for the morning.
    quiet_from = models.TimeField(_("quiet hours from"), default=dt.time(20))
    quiet_until = models.TimeField(_("quiet hours until"), default=dt.time(6))

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["area__code"]

    def __str__(self) -> str:
        return self.area.name

    @property
    def code(self) -> str:
        return self.area_id

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def zone_name(self) -> str:
        """WIB, WITA or WIT."""
        return DistrictTimeZone(self.timezone).label


@pghistory.track()
class LocalHoliday(models.Model):
    """A day off that the national calendar lacks, or (``is_working``) a national one that is
    worked here. Deadlines skip days off."""

    district = models.ForeignKey(
        District, models.CASCADE, related_name="local_holidays", verbose_name=_("district")
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)
    is_working = models.BooleanField(_("worked all the same"), default=False)

    class Meta:
        verbose_name = _("local holiday")
        verbose_name_plural = _("local holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(name="local_holiday_once", fields=["district", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
