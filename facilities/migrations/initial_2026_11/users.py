"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import UserManager
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.utils import timezone

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

user = migrations.CreateModel(
    name="User",
    fields=[
        ID,
        ("password", models.CharField("password", max_length=128)),
        ("last_login", models.DateTimeField("last login", null=True, blank=True)),
        (
            "is_superuser",
            models.BooleanField(
                "superuser status",
                default=False,
                help_text="Designates that this user has all permissions without explicitly assigning them.",
            ),
        ),
        ("username", models.CharField("user name", max_length=150, unique=True)),
        ("full_name", models.CharField("full name", max_length=150)),
        ("email", models.EmailField("e-mail", max_length=254, blank=True)),
        ("nip", models.CharField("NIP", max_length=30, blank=True)),
        ("rank", models.CharField("rank", max_length=100, blank=True)),
        ("is_staff", models.BooleanField("may open the admin", default=False)),
        ("is_active", models.BooleanField("active", default=True)),
        ("is_demo", models.BooleanField("demo account", default=False)),
        ("wants_mail", models.BooleanField("receives e-mail", default=True)),
        ("created_at", models.DateTimeField("created", default=timezone.now)),
        (
            "groups",
            models.ManyToManyField(
                "auth.Group",
                blank=True,
                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                related_query_name="user",
                related_name="user_set",
                verbose_name="groups",
            ),
        ),
        (
            "user_permissions",
            models.ManyToManyField(
                "auth.Permission",
                blank=True,
                help_text="Specific permissions for this user.",
                related_query_name="user",
                related_name="user_set",
                verbose_name="user permissions",
            ),
        ),
    ],
    options={
        "verbose_name": "user",
        "verbose_name_plural": "users",
        "ordering": ["username"],
    },
    managers=[("objects", UserManager())],
)

operations: list[Operation] = [
    *with_history("facilities", user, excluded=["password", "last_login"]),
]
