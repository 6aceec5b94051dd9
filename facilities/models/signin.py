"""What signing in leaves behind: tries, links, second factors, use of tokens, and the journal."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import NameField


class SignInTries(models.Model):
    """When something was tried lately; every process counts here. ``key`` is a keyed hash: a
    password typed into the field of the name must not stand in the database."""

    key = models.CharField(max_length=64, primary_key=True)
    times = ArrayField(models.DateTimeField(), default=list)
    locked_until = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.key


class PasswordLink(models.Model):
    """A link to choose a password, good once. The link itself is nowhere, only its hash."""

    user = models.ForeignKey("facilities.User", models.CASCADE, related_name="password_links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        "facilities.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )  # null: asked for by mail, or made on the server
    # Of the password it was made against: with any other one the link is dead.
    password_mark = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="password_link_ends_after_it_was_made",
                condition=Q(expires_at__gt=F("made_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d %H:%M}"


class FactorKind(models.TextChoices):
    TOTP = "totp", _("Code from an app")
    PASSKEY = "passkey", _("Passkey")


@pghistory.track(exclude=["secret", "last_step", "sign_count", "last_used_at"])
class SecondFactor(models.Model):
    """Something a person has besides the password. ``secret`` is encrypted (ilp.signin.vault)."""

    user = models.ForeignKey("facilities.User", models.CASCADE, related_name="second_factors")
    kind = models.CharField(_("kind"), max_length=8, choices=FactorKind)
    name = NameField(_("name"), max_length=60)
    # TOTP: the shared key. Passkey: the credential's public data.
    secret = models.TextField()
    # A code opens once: the time step of the last one that was taken.
    last_step = models.BigIntegerField(default=0)
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="second_factor_one_app_each", fields=["user"], condition=Q(kind="totp")
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class RecoveryCode(models.Model):
    """One of ten codes for the day the phone is lost; kept as a keyed hash, good once."""

    user = models.ForeignKey("facilities.User", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recovery_code_once", fields=["user", "digest"])
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class TokenUse(models.Model):
    """What knox does not keep: when a token was last shown. Written once a minute at most."""

    token = models.OneToOneField("knox.AuthToken", models.CASCADE, related_name="use")
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.last_used_at:%Y-%m-%d %H:%M}"


class AccountEventKind(models.TextChoices):
    PASSWORD_CHANGED = "password", _("Password changed")
    LINK_MADE = "link", _("Link for a new password made")
    LINK_ASKED = "link_asked", _("Link for a new password asked for by e-mail")
    FACTOR_ADDED = "factor_added", _("Second step added")
    FACTOR_REMOVED = "factor_removed", _("Second step removed")
    FACTOR_RESET = "factor_reset", _("Second step reset by an administrator")
    CODES_MADE = "codes", _("Recovery codes made")
    CODE_USED = "code_used", _("Recovery code used")
    TOKEN_MADE = "token", _("API token made")
    TOKEN_REVOKED = "token_revoked", _("API token revoked")
    LOCKED = "locked", _("Sign-in locked after wrong attempts")


class AccountEvent(models.Model):
    """The journal of an account, written in the transaction of what it tells, and the errand to
    tell the owner: a worker goes through those with no ``told_at``.

    ``name`` stands for the user where only a name was typed: a page that looked the name up
    itself would take longer for one that exists. It is removed once the worker has looked.
    """

    user = models.ForeignKey(
        "facilities.User", models.CASCADE, null=True, blank=True, related_name="account_events"
    )
    name = models.CharField(max_length=150, blank=True)
    kind = models.CharField(_("event"), max_length=16, choices=AccountEventKind)
    by = models.ForeignKey(
        "facilities.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    told_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-at"], name="account_event_of_user"),
            models.Index(
                fields=["at"], name="account_event_untold", condition=Q(told_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="account_event_of_somebody", condition=Q(user__isnull=False) | ~Q(name="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id or '?'} {self.kind}"
