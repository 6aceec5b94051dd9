"""What was once written into the history, the application cannot change; see case F6 (X6) of
tests/cases/faults.md."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege

from clusters.models import Achievement
from ilp.keeping.roles import working_role
from ilp.keeping.walls import frozen_tables, history_tables, may_rewrite
from reports.models import Problem, ProblemStep, WeeklyReview
from reports.problems.actions import raise_problem
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

CODE = "KIA01"
AchievementEvent = apps.get_model("clusters", "AchievementEvent")
_REFUSE = """
CREATE FUNCTION refuse_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'permission denied' USING ERRCODE = '42501'; END $$;
CREATE TRIGGER refuse_history BEFORE INSERT ON clusters_achievementevent
FOR EACH ROW EXECUTE FUNCTION refuse_history();
"""


@pytest.fixture
def world() -> World:
    return build_world()


def _run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def _post(client: Client, world: World, number: str, version: int = 0) -> int:
    kwargs = {"week": str(last_week()), "code": world.pustu.code, "indicator": CODE}
    data = {f"n-{CODE}": number, f"v-{CODE}": str(version)}
    url = reverse("reports:review-count", kwargs=kwargs)
    return client.post(url, data, headers={"HX-Request": "true"}).status_code


def test_every_tracked_model_and_every_frozen_sheet_is_behind_the_wall() -> None:
    assert len(history_tables()) > 30
    assert {"reports_snapshot", "reports_reviewrevision", "reports_ledgerentry"} < set(
        frozen_tables()
    )


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_application_may_not_change_what_is_frozen(statement: str, as_application) -> None:
    for table in [*frozen_tables(), "pghistory_context"]:
        with connection.cursor() as cursor:
            column = connection.introspection.get_table_description(cursor, table)[0].name
        if table == "pghistory_context" and statement.startswith("UPDATE"):
            continue  # it may grow: see below
        with (
            as_application(),
            pytest.raises(ProgrammingError) as refused,
        ):
            _run(statement.format(table, column, column))
        assert isinstance(refused.value.__cause__, InsufficientPrivilege), table


def test_application_is_no_superuser_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname = %s", [working_role()],
        )  # fmt: skip
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [working_role()])
        assert cursor.fetchone() == (0,)


def test_who_was_at_work_may_only_be_added_to(client: Client, world: World, as_application) -> None:
    client.force_login(world["pustu_head"])
    with as_application():
        assert _post(client, world, "7") == 200
        with pytest.raises(ProgrammingError, match="history cannot be rewritten"):
            _run("UPDATE pghistory_context SET metadata = '{\"user\": 1}'")
        _run("UPDATE pghistory_context SET metadata = metadata || '{\"more\": 1}'")


def test_first_entry_of_a_figure_is_history(client: Client, world: World, as_application) -> None:
    client.force_login(world["pustu_head"])
    with as_application():
        assert _post(client, world, "7") == 200
        assert _post(client, world, "9", version=1) == 200
    kept = AchievementEvent.objects.order_by("pgh_id").values_list("pgh_label", "numerator")
    # What was entered, then what was replaced.
    assert list(kept) == [("insert", 7), ("update", 7)]
    [context] = set(AchievementEvent.objects.values_list("pgh_context__metadata__user", flat=True))
    assert context == world["pustu_head"].pk


def test_f6_no_number_is_stored_without_its_history(
    client: Client, world: World, as_application
) -> None:
    """The first entry and a correction alike: all of it, or nothing."""
    client.force_login(world["pustu_head"])
    client.raise_request_exception = False
    _run(_REFUSE)
    with as_application():
        assert _post(client, world, "7") >= 500
    assert not Achievement.objects.filter(indicator_code=CODE).exists()
    # The week is opened by its first entry, as the clock does every hour; it holds no number.
    assert set(WeeklyReview.objects.values_list("status", flat=True)) <= {"open"}

    _run("ALTER TABLE clusters_achievementevent DISABLE TRIGGER refuse_history")
    with as_application():
        assert _post(client, world, "7") == 200
    _run("ALTER TABLE clusters_achievementevent ENABLE TRIGGER refuse_history")
    with as_application():
        assert _post(client, world, "9", version=1) >= 500
    row = Achievement.objects.get(indicator_code=CODE)
    assert (row.numerator, row.version) == (7, 1)


def test_problem_and_its_first_step_stand_or_fall_together(world: World, as_application) -> None:
    """Steps are history, too, though no trigger writes them."""
    _run(f"REVOKE INSERT ON {ProblemStep._meta.db_table} FROM {working_role()}")
    with as_application(), pytest.raises(ProgrammingError):
        raise_problem(
            facility=world.pustu, week=last_week(), by=world["pustu_head"], title="Uji",
            owner_name="Kepala desa", owner_kind="village", due_on=(last_week() + 6).end,
        )  # fmt: skip
    assert not Problem.objects.exists()


def test_doctor_asks_what_the_role_may(as_application) -> None:
    assert set(may_rewrite(connection)) >= {"clusters_achievementevent", "reports_snapshot"}
    with as_application():
        assert may_rewrite(connection) == []
