"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from ilp import health, offline
from ilp.account import account
from ilp.api.views.unknown import Unknown
from ilp.signin.views.second_step import to_account, to_sign_in
from reports.places.views.district import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("ilp.signin.urls")),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("account/", account, name="account"),
    # One page to sign in and one to change one's password: the admin's own ask for no second
    # step and count no tries.
    path("admin/login/", to_sign_in, name="admin-login"),
    path("admin/password_change/", to_account, name="admin-password"),
    path("language/", login_not_required(set_language), name="language"),
    path("sw.js", offline.service_worker, name="service-worker"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/", include("ilp.api.urls")),
    path("api/<path:address>", Unknown.as_view(), name="api-unknown"),
    path("", include("reports.urls")),
]
# Below /api/ an error is told to a machine.
handler400 = "ilp.api.problems.bad_request"
handler403 = "ilp.api.problems.permission_denied"
handler404 = "ilp.api.problems.page_not_found"
handler500 = "ilp.outage.server_error"
