"""Accounts of others, for Dinkes and administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facilities.models import User
from facilities.text.cleaning import clean
from ilp.signin.factors import reset_factors
from ilp.signin.links import HANDED_OVER, make_link
from ilp.signin.permissions import (
    can_help,
    check_can_help,
    check_helps_others,
    people_visible_to,
)
from ilp.signin.tokens import revoke, tokens_of
from ilp.signin.views.factors import owner, password_form

_PAGE, _EVENTS = 50, 20


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    user = owner(request)
    check_helps_others(user)
    rows = people_visible_to(user).prefetch_related("postings__facility").order_by("full_name")
    wanted = clean(request.GET.get("q", ""), is_name=True)[:100]
    if wanted:
        rows = rows.filter(Q(full_name__icontains=wanted) | Q(username__icontains=wanted))
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "account/people.html", {"page": page, "wanted": wanted})


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(owner(request), pk)
    context = {
        "person": found,
        "postings": found.postings.current().select_related("facility"),
        "factors": found.second_factors.all(),
        "tokens": tokens_of(found),
        "events": found.account_events.select_related("by")[:_EVENTS],
        "can_help": can_help(owner(request), found),
    }
    return render(request, "account/person.html", context)


@never_cache
@require_POST
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for a new password, shown on this page only."""
    user = owner(request)
    found = _person(user, pk)
    check_can_help(user, found)
    link = make_link(person=found, by=user)
    hours = int(HANDED_OVER.total_seconds() // 3600)
    context = {"person": found, "link": link, "hours": hours}
    return render(request, "account/person_link.html", context)


@never_cache
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def person_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone is lost. Asks for the helper's own password."""
    user = owner(request)
    found = _person(user, pk)
    check_can_help(user, found)
    form = password_form(request, user)
    if form.is_bound and form.is_valid():
        reset_factors(person=found, by=user)
        messages.success(request, _("The second step is reset. Every session has ended."))
        return redirect("person", pk=found.pk)
    context = {"form": form, "person": found}
    status = 422 if form.errors else 200
    return render(request, "account/person_factor_reset.html", context, status=status)


@require_POST
def person_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = owner(request)
    found = _person(user, pk)
    check_can_help(user, found)
    _revoke(request, found, user)
    return redirect("person", pk=found.pk)


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    return render(request, "account/tokens.html", {"tokens": tokens_of(owner(request))})


@require_POST
def token_revoke(request: HttpRequest) -> HttpResponse:
    user = owner(request)
    _revoke(request, user, user)
    return redirect("tokens")


def _revoke(request: HttpRequest, whose: User, by: User) -> None:
    if revoke(person=whose, by=by, ident=request.POST.get("token", "")):
        messages.success(request, _("The token is revoked. From now on it opens nothing."))
    else:
        messages.warning(request, _("This token had been revoked already."))


def _person(user: User, pk: int) -> User:
    check_helps_others(user)
    found = people_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
