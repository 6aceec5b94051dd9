"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from ilp import health, offline
from ilp.account import account
from ilp.api.views.unknown import Unknown
from reports.places.views.district import home

urlpatterns = [
    path("", home, name="home"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("account/", account, name="account"),
    path("language/", login_not_required(set_language), name="language"),
    path("sw.js", offline.service_worker, name="service-worker"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/", include("ilp.api.urls")),
    path("api/<path:address>", Unknown.as_view(), name="api-unknown"),
    path("", include("reports.urls")),
]

handler500 = "ilp.outage.server_error"
