"""How long a page takes against the bare SQL it sends: the same statements, run again alone."""

from __future__ import annotations

from bench.common import median_ms, report, setup

setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from facilities.models import Posting  # noqa: E402
from reports.models import WeeklyReview  # noqa: E402


def measure(name: str, username_of: Posting, url: str) -> None:
    """One line for one page, signed in as the holder of a posting."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(username_of.user, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, follow=True)
    if response.status_code != 200:
        raise SystemExit(f"{url}: {response.status_code}")
    statements = [query["sql"] for query in captured.captured_queries]

    def page() -> None:
        client.get(url, follow=True)

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                if statement.startswith("SELECT") or statement.lstrip().startswith("WITH"):
                    cursor.execute(statement)
                    cursor.fetchall()

    label = f"{name} ({len(statements)} statements, {len(response.content) // 1024} KB)"
    report(label, median_ms(page), median_ms(bare), "its SQL alone")


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    head = Posting.objects.filter(role="puskesmas_head").select_related("user", "facility").first()
    staff = Posting.objects.filter(role="dinkes").select_related("user").first()
    if head is None or staff is None:
        raise SystemExit("This installation has no demo accounts: load the demo first.")
    reviews = WeeklyReview.objects.filter(facility=head.facility).order_by("-week")
    open_one = reviews.filter(status="open").first() or reviews[0]
    signed = reviews.filter(revisions__isnull=False).first()
    measure("review form", head, f"/reviews/{open_one.week}/{head.facility.code}/")
    if signed is not None:
        measure("signed review", head, f"/reviews/{signed.week}/{head.facility.code}/")
    measure("list of reviews", head, "/reviews/")
    measure("district page", staff, "/district/")


if __name__ == "__main__":
    main()
