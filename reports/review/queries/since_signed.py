"""What became known of the network after a review was signed: its rows and figures stay, a note
says what was entered since."""

from __future__ import annotations

from django.db.models import Q

from facilities.models import Facility
from facilities.models.network import NetworkEvent
from reports.models import WeeklyReview


def events_since(review: WeeklyReview) -> list[NetworkEvent]:
    """Events that took effect by the end of the week but were entered after the signature, of the
    facility and of what hung under it then. Two queries."""
    if review.submitted_at is None:
        return []
    below = Facility.objects.hung_under([review.facility_id], review.week.end)
    ids = [review.facility_id, *below.values_list("pk", flat=True)]
    rows = NetworkEvent.objects.filter(
        Q(facility__in=ids) | Q(other=review.facility_id),
        on__lte=review.week.end,
        at__gt=review.submitted_at,
    )
    return list(rows.select_related("facility", "other", "village").order_by("on", "pk"))
