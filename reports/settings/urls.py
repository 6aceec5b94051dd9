"""What a district sets beside its deadlines."""

from __future__ import annotations

from django.urls import path

from reports.settings.views import priorities, shares, targets

urlpatterns = [
    path("settings/priorities/", priorities.settings_priorities, name="settings-priorities"),
    path("settings/priorities/<str:code>/", priorities.settings_priority, name="settings-priority"),
    path("settings/shares/", shares.settings_shares, name="settings-shares"),
    path("settings/shares/<str:profile>/", shares.settings_share, name="settings-share"),
    path("settings/targets/", targets.settings_targets, name="settings-targets"),
    path(
        "settings/targets/<str:code>/<str:indicator>/",
        targets.settings_target,
        name="settings-target",
    ),
]
