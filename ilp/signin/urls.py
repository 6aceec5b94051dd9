from __future__ import annotations

from django.urls import path

from ilp.signin.views import factors, links, people, second_step

urlpatterns = [
    path("login/", second_step.SignIn.as_view(), name="login"),
    path("login/second/", second_step.second_step, name="second-step"),
    path("login/forgot/", links.password_forgot, name="password-forgot"),
    path("login/link/<str:token>/", links.password_choose, name="password-choose"),
    path("account/second/", factors.factor_list, name="factors"),
    path("account/second/app/", factors.factor_app, name="factor-app"),
    path("account/second/passkey/", factors.factor_passkey, name="factor-passkey"),
    path("account/second/codes/", factors.factor_codes, name="factor-codes"),
    path("account/second/<int:pk>/remove/", factors.factor_remove, name="factor-remove"),
    path("account/tokens/", people.tokens, name="tokens"),
    path("account/tokens/revoke/", people.token_revoke, name="token-revoke"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/link/", people.person_link, name="person-link"),
    path("people/<int:pk>/second/", people.person_factor_reset, name="person-factor-reset"),
    path("people/<int:pk>/token/", people.person_token_revoke, name="person-token-revoke"),
]
