from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import CodeField, NameField


class AreaKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    VILLAGE = "village", _("Village")


@pghistory.track()
class Area(models.Model):
    """An administrative area. ``code`` is the dotted code of the Ministry of Home Affairs
    (``19``, ``19.06``, ``19.06.01``, ``19.06.01.2001``), always text."""

    code = CodeField(_("code"), max_length=13, primary_key=True)
    name = NameField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind)
    # provinsi, kabupaten, kota, kecamatan, desa, kelurahan
    status = models.CharField(_("status"), max_length=12, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("population year"), null=True, blank=True)
    population_basis = models.CharField(_("population basis"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
