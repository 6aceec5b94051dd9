"""The inbox: what the product told me, newest first."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from reports.deliveries.inbox import mark_all_opened, mark_opened, unread
from reports.lookup import UserRequest
from reports.models import Delivery
from reports.models.delivery import DeliveryKind
from reports.pages import page_of

PAGE = 30


@require_GET
def inbox_list(request: UserRequest) -> HttpResponse:
    """Messages of the signed-in person; ``?kind=`` and ``?show=unread`` narrow the list."""
    rows = Delivery.objects.inbox_of(request.user).select_related("facility__district__area")
    chosen = {name: request.GET.get(name, "") for name in ("kind", "show")}
    if chosen["kind"] in DeliveryKind.values:
        rows = rows.filter(kind=chosen["kind"])
    if chosen["show"] == "unread":
        rows = rows.filter(opened_at=None)
    page = page_of(request, rows, ("-created_at", "-pk"), PAGE)
    context: dict[str, Any] = {
        "page": page,
        "deliveries": page.rows,
        "chosen": chosen,
        "kinds": DeliveryKind.choices,
        "unread": unread(request.user),
    }
    return render(request, "reports/deliveries/inbox_list.html", context)


@require_GET
def inbox_open(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where a message leads, from the inbox or from a mail; it counts as opened from now on."""
    delivery = Delivery.objects.filter(public_id=public_id, recipient=request.user).first()
    if delivery is None:
        raise Http404(_("This message does not exist, or it was sent to somebody else."))
    mark_opened(delivery)
    return redirect(delivery.url)


@require_POST
def inbox_read(request: UserRequest) -> HttpResponse:
    """Everything counts as read."""
    count = mark_all_opened(request.user)
    text = ngettext("%(n)s message marked as read.", "%(n)s messages marked as read.", count)
    messages.success(request, text % {"n": count})
    return redirect("reports:inbox-list")
