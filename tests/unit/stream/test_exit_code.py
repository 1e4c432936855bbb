"""How a service process ends whose background work failed."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from pydantic import SecretStr
from autodev.service.process import Service, run_service
from autodev.service.settings import DatabaseSettings, HttpSettings, ServiceSettings

async def patrol():
    raise ZeroDivisionError("on patrol")

async def join(context):
    raise ConnectionError("there is no broker")

def routes(context):
    context.background(patrol())
    return ()

settings = ServiceSettings(
    database=DatabaseSettings(url=SecretStr("postgresql://nobody@localhost:1/none")), http=HttpSettings(port=0)
)
run_service(Service("ingestion", join=join, routes=routes), settings)
"""


def test_a_service_whose_background_work_failed_exits_with_1() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "background_failed" in ended.stdout + ended.stderr
    assert "on patrol" in ended.stdout + ended.stderr
