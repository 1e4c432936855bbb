"""What the servers are told."""

from __future__ import annotations

from pathlib import Path

from deploy.local.kafka.settings import render_properties, server_properties
from deploy.local.postgres.settings import as_arguments, postgres_settings

_PROPERTIES = server_properties(data=Path("/data"), broker_port=20001, controller_port=20002)


def test_the_broker_listens_on_the_loopback_interface_only() -> None:
    assert _PROPERTIES["listeners"] == "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert _PROPERTIES["advertised.listeners"] == "PLAINTEXT://127.0.0.1:20001"


def test_the_broker_creates_no_topic_by_itself() -> None:
    assert "auto.create.topics.enable=false\n" in render_properties(_PROPERTIES)


def test_the_database_listens_on_the_loopback_interface_only() -> None:
    settings = postgres_settings(port=20003)
    assert settings["listen_addresses"] == "127.0.0.1"
    assert settings["unix_socket_directories"] == ""


def test_the_database_keeps_every_commit() -> None:
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & postgres_settings(port=20003).keys()


def test_each_setting_becomes_an_argument_of_its_own() -> None:
    assert as_arguments({"a": "1", "b": "x y"}) == ("-c", "a=1", "-c", "b=x y")
