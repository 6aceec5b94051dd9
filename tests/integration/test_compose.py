"""docker-compose.yml without Docker: what it says, and that its commands start here."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from ilp import env
from ilp.launch.process import wait_for
from tests.integration.launch.sites import clean_environment, free_port

pytestmark = pytest.mark.real_time

COMPOSE: dict[str, Any] = yaml.safe_load((env.BASE_DIR / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["web", "worker", "mailer", "beat", "reconcile"]
FOREIGN = ["postgres", "valkey", "proxy"]
SECRETS = (
    *("SECRET_KEY", "DATABASE_PASSWORD", "DATABASE_APP_PASSWORD", "DATABASE_BACKUP_PASSWORD"),
    *("BROKER_PASSWORD", "PANTAU_HOSTS"),
)


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {*OURS, *FOREIGN, "prepare"}
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "valkey"}


@pytest.mark.parametrize("name", OURS + FOREIGN)
def test_service_has_a_health_probe(name: str) -> None:
    probe = SERVICES[name]["healthcheck"]
    assert probe["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(probe)


@pytest.mark.parametrize("name", OURS)
def test_service_waits_for_its_servers_and_for_the_preparation(name: str) -> None:
    needs = {other: need["condition"] for other, need in SERVICES[name]["depends_on"].items()}
    assert needs == {
        "postgres": "service_healthy",
        "valkey": "service_healthy",
        "prepare": "service_completed_successfully",
    }


@pytest.mark.parametrize("name", [*OURS, "prepare"])
def test_service_has_its_settings_and_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    wanted = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PANTAU_DATA", "PANTAU_HOSTS"}
    assert wanted <= set(service["environment"])
    assert service["environment"]["PANTAU_HTTPS"] == "1"
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["volumes"] == ["data:/data"]


@pytest.mark.parametrize("name", OURS)
def test_only_the_preparation_knows_the_owner_of_the_tables(name: str) -> None:
    assert "PANTAU_OWNER_DATABASE_URL" in SERVICES["prepare"]["environment"]
    assert "PANTAU_OWNER_DATABASE_URL" not in SERVICES[name]["environment"]
    assert SERVICES[name]["environment"]["DATABASE_URL"].startswith("postgresql://pantau_app:")


def test_no_secret_has_a_default() -> None:
    text = (env.BASE_DIR / "docker-compose.yml").read_text()
    for name in SECRETS:
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"${{{name}}}" not in text


def test_image_is_not_root_and_has_a_health_probe() -> None:
    lines = (env.BASE_DIR / "Dockerfile").read_text().splitlines()
    assert "USER pantau" in lines
    assert lines.index("USER pantau") < next(
        i for i, ln in enumerate(lines) if ln.startswith("CMD")
    )
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_proxy_buffers_and_passes_the_address_on() -> None:
    text = (env.BASE_DIR / "scripts" / "nginx.conf").read_text()
    assert "proxy_request_buffering on;" in text
    assert "X-Forwarded-For $proxy_add_x_forwarded_for;" in text
    assert "./scripts/nginx.conf:/etc/nginx/nginx.conf:ro" in SERVICES["proxy"]["volumes"]


def _url(database: str, role: str) -> str:
    return f"postgresql:///{database}?host={env.socket_dir()}&user={role}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the containers, with the servers of this test run in their place."""
    name = f"compose_{os.getpid()}"
    admin = f"postgresql:///postgres?host={env.socket_dir()}&user=pantau"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield clean_environment(
            PANTAU_DATA=str(tmp_path_factory.mktemp("data")),
            SECRET_KEY="only-for-this-test-" * 4,
            DATABASE_URL=_url(name, env.APP_ROLE),
            PANTAU_OWNER_DATABASE_URL=_url(name, env.OWNER_ROLE),
            PANTAU_BACKUP_DATABASE_URL=_url(name, env.BACKUP_ROLE),
            REDIS_URL=f"{env.redis_url()}?virtual_host=7",
            PANTAU_HOSTS="pantau.example",
            PANTAU_HTTPS="1",
            PANTAU_PROXIES="1",
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def here(command: list[str], port: int) -> list[str]:
    """A container's command with this machine's Python and a free port."""
    words = [sys.executable, *command[1:]]
    return [str(port) if word == "8000" else word for word in words]


@contextlib.contextmanager
def started(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=env.BASE_DIR, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            process.terminate()
            assert process.wait(60) == 0, log.read_text()


def test_every_command_starts_and_its_probe_passes(site: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    prepare = [word.replace("${PANTAU_DISTRICT:-19.06}", "19.06") for word in command_of("prepare")]
    done = subprocess.run(
        here(prepare, port), env=site, cwd=env.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with contextlib.ExitStack() as stack:
        for name in OURS:
            command = here(command_of(name), port)
            stack.enter_context(started(command, site, tmp_path / name))
        for name in OURS:
            probe = [*here(SERVICES[name]["healthcheck"]["test"][1:], port), "--port", str(port)]
            assert wait_for(partial(passes, probe, site), seconds=240), (
                name + "\n" + (tmp_path / name).read_text()
            )


def command_of(name: str) -> list[str]:
    command = SERVICES[name]["command"]
    assert command[0] == "python"
    return [str(word) for word in command]


def passes(command: list[str], environment: dict[str, str]) -> bool:
    # The end of patience, no promise of the product's: on a busy machine Python starts slowly.
    done = subprocess.run(command, env=environment, cwd=env.BASE_DIR, timeout=120, check=False)
    return done.returncode == 0
