from __future__ import annotations

import datetime as dt
import zoneinfo
from itertools import pairwise

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from facilities.days import DistrictTimeZone
from facilities.document_numbers import MEANING, check_pattern
from facilities.querysets import DistrictQuerySet
from facilities.text.model_fields import CodeField, LongTextField, NameField


class Weekday(models.IntegerChoices):
    """Days after the Monday that follows the week; also the names people choose from."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


_WEEKDAY = [MaxValueValidator(6)]
# The deadlines of a week in their order, as the beginnings of field names.
DEADLINES = ("data_closes", "meeting_by", "sent_by", "answered_by")
DEADLINE_NAMES = {
    "data_closes": _("Data close"),
    "meeting_by": _("Meeting held"),
    "sent_by": _("Review sent"),
    "answered_by": _("Dinkes answers"),
}


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
    # A month's figures stand from the morning after this day of the next month.
    closing_day = models.PositiveSmallIntegerField(
        _("day of the next month on which a month closes"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(25)],
    )
    # Letterhead (kop surat) and texts of the weekly report.
    logo = models.ForeignKey(
        "facilities.Logo", models.PROTECT, null=True, blank=True, verbose_name=_("logo")
    )
    address = NameField(_("address"), max_length=200, blank=True)
    phone = NameField(_("telephone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    seat = NameField(_("seat (place named beside the date)"), max_length=100, blank=True)
    head_name = NameField(_("name of the head"), max_length=100, blank=True)
    head_title = NameField(_("office of the head"), max_length=100, blank=True)
    head_rank = NameField(_("rank of the head"), max_length=100, blank=True)
    head_nip = CodeField(_("NIP of the head"), max_length=30, blank=True)
    legal_basis = LongTextField(_("legal basis"), blank=True)
    document_number_pattern = NameField(
        _("document number pattern"),
        max_length=100,
        default="440/{sequence:03d}/{facility}/{roman_month}/{year}",
        help_text=MEANING,
        validators=[check_pattern],
    )
    # Weekly deadlines, local time (domain/weekly_review.md E).
    data_closes_weekday = models.PositiveSmallIntegerField(
        _("data close: weekday"), default=0, choices=Weekday, validators=_WEEKDAY
    )
    data_closes_at = models.TimeField(_("data close: time"), default=dt.time(12))
    sent_by_weekday = models.PositiveSmallIntegerField(
        _("sent by: weekday"), default=1, choices=Weekday, validators=_WEEKDAY
    )
    sent_by_at = models.TimeField(_("sent by: time"), default=dt.time(16))
    meeting_by_weekday = models.PositiveSmallIntegerField(
        _("meeting held by: weekday"), default=1, choices=Weekday, validators=_WEEKDAY
    )
    meeting_by_at = models.TimeField(_("meeting held by: time"), default=dt.time(12))
    answered_by_weekday = models.PositiveSmallIntegerField(
        _("answered by: weekday"), default=3, choices=Weekday, validators=_WEEKDAY
    )
    answered_by_at = models.TimeField(_("answered by: time"), default=dt.time(16))
    # No message leaves between these two (local time); it waits for the morning.
    quiet_from = models.TimeField(_("quiet hours from"), default=dt.time(20))
    quiet_until = models.TimeField(_("quiet hours until"), default=dt.time(6))

    # What the province sees of a week before it is sent: nothing, unless the district opens it.
    shows_unsent_weeks = models.BooleanField(
        _("the province also sees weeks that are not sent yet"), default=False, db_default=False
    )

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["area__code"]
        constraints = [
            models.CheckConstraint(
                name="district_weekdays_are_days",
                condition=Q(
                    data_closes_weekday__lte=6,
                    meeting_by_weekday__lte=6,
                    sent_by_weekday__lte=6,
                    answered_by_weekday__lte=6,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.area.name

    def clean(self) -> None:
        """The four deadlines follow one another."""
        moments = [
            (getattr(self, f"{name}_weekday"), getattr(self, f"{name}_at")) for name in DEADLINES
        ]
        if any(None in moment for moment in moments):
            return  # the field says so itself
        errors = {
            f"{later}_weekday": _("This must come after “%(earlier)s”.")
            % {"earlier": DEADLINE_NAMES[earlier]}
            for (earlier, before), (later, after) in pairwise(zip(DEADLINES, moments, strict=True))
            if after <= before
        }
        if errors:
            raise ValidationError(errors)

    @cached_property
    def local_days(self) -> dict[dt.date, bool]:
        """What the district says of single days: day → whether it is worked. One query."""
        if not self.pk:
            return {}
        return {row.day: row.is_working for row in self.local_holidays.all()}

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
    name = NameField(_("name"), max_length=100)
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
