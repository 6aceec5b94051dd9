from __future__ import annotations

import zoneinfo

import pghistory
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from facilities.querysets import PostingQuerySet
from facilities.text.model_fields import CodeField, NameField


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    DINKES = "dinkes", _("District staff")
    PUSKESMAS_HEAD = "puskesmas_head", _("Head of Puskesmas")
    CLUSTER_OFFICER = "cluster_officer", _("Cluster officer")
    PUSTU_HEAD = "pustu_head", _("Head of Pustu")
    KADER = "kader", _("Kader")
    PROVINCE = "province", _("Provincial client")


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a machine of the province, that signs in. Rights come from postings."""

    username = NameField(_("user name"), max_length=150, unique=True)
    full_name = NameField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    nip = CodeField(_("NIP"), max_length=30, blank=True)
    rank = NameField(_("rank"), max_length=100, blank=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demo account"), default=False)
    # The password itself is in no history; that it changed, and when, is.
    password_set_at = models.DateTimeField(_("password set"), null=True, blank=True)
    must_set_password = models.BooleanField(
        _("must choose an own password"), default=False,
        help_text=_("Until then no page but that one opens."),
    )  # fmt: skip
    # When the second factors last changed; null: there is none.
    second_factor_at = models.DateTimeField(_("second step since"), null=True, blank=True)
    wants_mail = models.BooleanField(_("receives e-mail"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.username

    @property
    def current_postings(self) -> list[tuple[str, str | None]]:
        """(role, facility path) in force today; read once per user object, i.e. per request,
        so a posting that ends takes effect with the next request."""
        return [(row[0], row[1]) for row in self._postings_today]

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """That of the district where the user works, of several the first; None: of none."""
        names = [row[2] for row in self._postings_today if row[2]]
        return zoneinfo.ZoneInfo(names[0]) if names else None

    @cached_property
    def _postings_today(self) -> list[tuple[str, str | None, str | None, int | None, str]]:
        place = ("facility__path", "facility__district__timezone", "facility_id", "cluster_code")
        return list(self.postings.current().values_list("role", *place))

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session carries and each request compares: with another password, posting, right
        or second factor the session is over, at once and in every process. The facility by its
        id, for its path changes when the network does."""
        postings = sorted(str((row[0], row[3], row[4])) for row in self._postings_today)
        rights = (self.is_superuser, self.is_staff, str(self.second_factor_at))
        state = "|".join((self.password, str(rights), *postings))
        return salted_hmac("facilities.User.session", state, secret, algorithm="sha256").hexdigest()


@pghistory.track()
class Posting(models.Model):
    """A role at a facility, from ``start_on`` up to, not including, ``end_on``.
    An administrator may have no facility: then it means the whole installation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="postings")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, null=True, blank=True, related_name="postings",
        verbose_name=_("facility"),
    )  # fmt: skip
    cluster_code = models.CharField(
        _("cluster"),
        max_length=4,
        blank=True,
        help_text=_("For a cluster officer: K1 to K4 or LK."),
    )
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until (exclusive)"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["user", "start_on"]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            models.CheckConstraint(
                name="posting_only_admin_without_facility",
                condition=Q(role="admin") | Q(facility__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.facility_id or '*'}"
