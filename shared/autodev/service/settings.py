"""Settings of a service process, from the environment: ``AUTODEV_KAFKA__BOOTSTRAP_SERVERS`` and so on.

Any of them may be given as a file instead, for mounted secrets: ``AUTODEV_DATABASE__URL_FILE=/run/secrets/url``.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.limits import DEFAULT_LIMITS, WINDOW, Limits

PREFIX = "AUTODEV_"
_FILE = "_FILE"


class KafkaSettings(BaseModel):
    bootstrap_servers: str = "127.0.0.1:9092"
    topic_prefix: str = Field("", pattern=r"^[a-z0-9.-]*$")
    """Stands before every topic and group name, where installations share a broker."""
    replication_factor: int = Field(1, ge=1)

    def connection(self, service: str) -> KafkaConnection:
        instance = f"{socket.gethostname()}-{os.getpid()}"
        return KafkaConnection(self.bootstrap_servers, f"{service}-{instance}", self.topic_prefix)


class DatabaseSettings(BaseModel):
    url: SecretStr = SecretStr("postgresql://autodev@127.0.0.1:5432/autodev")
    pool_size: int = Field(10, ge=1)

    def plain_url(self) -> str:
        """For asyncpg itself."""
        return self.url.get_secret_value()

    def sqlalchemy_url(self) -> str:
        scheme, separator, rest = self.plain_url().partition("://")
        return f"{scheme.partition('+')[0]}+asyncpg{separator}{rest}"


class HttpSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65_535)


class DeadLetterSettings(BaseModel):
    """When a partition is stopped instead of giving up still more of its records; 0 is never."""

    consecutive: int = Field(DEFAULT_LIMITS.consecutive, ge=0, lt=WINDOW)
    share: float = Field(DEFAULT_LIMITS.share, ge=0, lt=1)
    redrives: int = Field(5, ge=0)
    """How often operators may send one record back; 0 is not at all."""

    def limits(self) -> Limits:
        return Limits(self.consecutive, self.share)


class ServiceSettings(BaseSettings):
    """The base of each service's own settings class."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True)

    kafka: KafkaSettings = KafkaSettings()
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    dead_letters: DeadLetterSettings = DeadLetterSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the environment is the only source
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls)


class _FileSource(EnvSettingsSource):
    """Reads each variable ``X`` from the file that ``X_FILE`` names."""

    def _load_env_vars(self) -> dict[str, Any]:
        return {
            name.removesuffix(_FILE).lower(): Path(path).read_text().strip()
            for name, path in os.environ.items()
            if name.startswith(PREFIX) and name.endswith(_FILE)
        }
