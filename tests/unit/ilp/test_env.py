from __future__ import annotations

import os
from pathlib import Path

import pytest
import redis

from ilp import env
from ilp.launch.prepare import compile_translations


def test_database_settings_of_a_server() -> None:
    found = env.database_settings("postgresql://me:p%40ss@db.example:5433/pantau?sslmode=require")
    assert found == {
        "ENGINE": "ilp.database",
        "NAME": "pantau",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_settings_of_a_socket() -> None:
    found = env.database_settings("postgresql:///pantau?host=/data/run&user=pantau")
    assert (found["HOST"], found["USER"], found["PORT"]) == ("/data/run", "pantau", "")


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        env.database_settings("mysql://localhost/pantau")


def test_socket_dir_of_a_long_path_is_short(tmp_path: Path) -> None:
    far = tmp_path / ("deep/" * 30)
    assert env.socket_dir(tmp_path / "d") == tmp_path / "d" / "run"
    assert len(os.fsencode(env.socket_dir(far))) < 60
    assert env.socket_dir(far) != env.socket_dir(far / "other")


def test_secret_key_is_made_once_and_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("PANTAU_DATA", str(tmp_path / "new"))
    first = env.secret_key()
    assert len(first) >= 50
    assert env.secret_key() == first
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_mail_goes_to_the_log_unless_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PANTAU_SMTP", raising=False)
    assert env.mailers()["default"]["BACKEND"].endswith("console.EmailBackend")
    monkeypatch.setenv("PANTAU_SMTP", "smtp://dinkes:rahasia@mail.example")
    options = env.mailers()["default"]["OPTIONS"]
    assert (options["host"], options["port"], options["use_tls"]) == ("mail.example", 587, True)


def test_broker_address_for_the_client() -> None:
    assert (
        env.broker_client_url("redis+socket:///x/v.sock?virtual_host=3") == "unix:///x/v.sock?db=3"
    )
    assert env.broker_client_url("redis://valkey:6379/0") == "redis://valkey:6379/0"


def test_translations_are_compiled_when_the_source_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Language: id\\n"\n\nmsgid "Week"\nmsgstr "Minggu"\n')
    target = source.with_suffix(".mo")
    assert compile_translations(tmp_path) == [target]
    assert compile_translations(tmp_path) == []
    newer = target.stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(newer, newer))
    assert compile_translations(tmp_path) == [target]
    assert b"Minggu" in target.read_bytes()


def test_a_path_may_hold_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Case X7 (F7 of tests/cases/faults.md): nothing in a path ends the address it stands in."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "Pantau ILP ü 5%41 #1 &x=2 +'\""
    monkeypatch.setenv("PANTAU_DATA", str(data))
    found = env.database_settings(env.database_url())
    assert found["HOST"] == str(env.socket_dir())
    assert (found["NAME"], found["USER"], found["OPTIONS"]) == ("pantau", "pantau_app", {})
    client = redis.Redis.from_url(env.broker_client_url(env.redis_url()))
    path = client.connection_pool.connection_kwargs["path"]
    assert path == str(env.socket_dir() / "valkey.sock")
