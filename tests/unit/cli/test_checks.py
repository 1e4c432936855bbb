"""What `doctor` finds where things are missing."""

from __future__ import annotations

from autodev.cli.checks.finding import Health
from autodev.cli.checks.machine import check_python
from autodev.cli.checks.servers import check_database, check_kafka
from autodev.cli.checks.services import check_services, service_urls
from autodev.service.settings import DatabaseSettings, KafkaSettings

NOWHERE = "127.0.0.1:9"


def test_the_python_that_runs_is_new_enough() -> None:
    assert check_python().health is Health.OK


async def test_a_broker_that_is_away_comes_with_the_next_step() -> None:
    kafka, topics = await check_kafka(KafkaSettings(bootstrap_servers=NOWHERE))
    assert (kafka.health, topics.health) == (Health.BROKEN, Health.UNKNOWN)
    assert "make up" in kafka.next_step


async def test_a_database_that_is_away_is_named_without_its_password() -> None:
    settings = DatabaseSettings.model_validate({"url": f"postgresql://autodev:hunter2@{NOWHERE}/autodev"})
    findings = await check_database(settings, ("console",))
    assert [finding.health for finding in findings] == [Health.BROKEN, Health.UNKNOWN]
    assert "hunter2" not in repr(findings)


async def test_a_service_is_broken_when_it_does_not_answer_and_unknown_when_nobody_said_where_it_is() -> None:
    broken, unknown = await check_services(("console", "sandbox"), {"console": f"http://{NOWHERE}"})
    assert (broken.health, unknown.health) == (Health.BROKEN, Health.UNKNOWN)


def test_urls_of_services_come_from_the_environment() -> None:
    environ = {"AUTODEV_CONSOLE_URL": "http://c", "AUTODEV_SERVICES__SANDBOX": "http://s", "OTHER": "x"}
    assert service_urls(environ) == {"console": "http://c", "sandbox": "http://s"}
    assert service_urls({}) == {"console": "http://127.0.0.1:8080"}
