"""A workspace's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, status
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.call import Person
from autodev.events.models.workspace import AutoDevSettings, WorkspaceConfigured
from services.console import store
from services.console.api.parameters import Accepted, Engine, Execute, Tenant
from services.console.api.problems import PROBLEMS
from services.console.commands import Decision
from services.console.domain.workspace import Workspace

router = APIRouter(prefix="/v1/tenants/{tenant}/settings", tags=["settings"], responses=PROBLEMS)


class SettingsView(BaseModel):
    settings: AutoDevSettings
    changed_by: str | None
    """None: the defaults."""
    changed_at: datetime | None


class SettingsBody(BaseModel):
    """`changed_by`, and those of the settings that change."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any]

    changed_by: Person


@router.get("")
async def show_settings(tenant: Tenant, engine: Engine) -> SettingsView:
    """The workspace's settings; the defaults until someone changes them."""
    async with engine.connect() as connection:
        workspace = await store.get(connection, Workspace, tenant, Workspace(tenant_id=tenant).key)
    configuration = workspace.configuration if workspace else None
    return SettingsView(
        settings=configuration.settings if configuration else AutoDevSettings(),
        changed_by=configuration.changed_by if configuration else None,
        changed_at=configuration.at if configuration else None,
    )


@router.patch("", status_code=status.HTTP_202_ACCEPTED)
async def change_settings(tenant: Tenant, body: SettingsBody, execute: Execute) -> Accepted:
    """Change some settings; the others stay."""

    async def decide(connection: AsyncConnection) -> Decision:
        workspace = await store.lock(connection, Workspace(tenant_id=tenant))
        settings = _merged(workspace.settings, body.model_extra or {})
        known = workspace.configuration
        return Decision(
            WorkspaceConfigured(tenant_id=tenant, settings=settings, changed_by=body.changed_by),
            answers=(known.at if known else None,),
        )

    return await execute(decide)


def _merged(settings: AutoDevSettings, changes: dict[str, Any]) -> AutoDevSettings:
    try:
        return AutoDevSettings.model_validate(settings.model_dump() | changes, strict=True)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None
