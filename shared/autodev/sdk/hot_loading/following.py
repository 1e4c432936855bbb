"""Follows the topic of promoted versions and makes the skills of this process run them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime

from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.models.case import SkillPromoted
from autodev.events.record import Record
from autodev.ids import SkillName, TenantId
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.hot_loading.loading import LoadError, filename_of, load_version
from autodev.sdk.log import log, warn_once
from autodev.sdk.skills.definition import SkillDefinition, Version
from autodev.sdk.skills.registry import SkillRegistry
from autodev.sdk.transport import CAUGHT_UP, Transport

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0


class PromotionFollower:
    """Holds the newest promotion of every skill of one tenant, and applies it to the skills defined here.

    A skill may be defined after its promotion was read, so `apply` is called for that, too.
    """

    def __init__(self, tenant: TenantId, registry: SkillRegistry, notify: Callable[[VersionChange], None]) -> None:
        self._tenant = tenant
        self._registry = registry
        self._notify = notify
        self._promoted: dict[SkillName, SkillPromoted] = {}
        self._pause = _FIRST_PAUSE
        self.caught_up = threading.Event()

    async def run(self, transport: Transport) -> None:
        """Follow until cancelled, beginning anew whenever the stream ends."""
        while True:
            try:
                await self._follow(transport)
            except Exception as error:  # noqa: BLE001 - agents go on with what they have, whatever breaks here
                if self._pause == _FIRST_PAUSE:
                    log.warning("promoted versions can't be read; trying again until they can: %s", error)
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _follow(self, transport: Transport) -> None:
        seen: dict[SkillName, SkillPromoted] = {}
        catching_up = True
        async with aclosing(transport.promotions()) as stream:
            async for item in stream:
                if item is CAUGHT_UP:
                    # Applied only now: an old version must not run while newer ones are still unread.
                    self._promoted, catching_up = seen, False
                    for skill in self._registry:
                        self.apply(skill)
                    self.caught_up.set()
                    self._pause = _FIRST_PAUSE
                elif catching_up:
                    self._take(item, seen)
                elif (name := self._take(item, self._promoted)) and (changed := self._registry.get(name)):
                    self.apply(changed)

    def _take(self, record: Record, promoted: dict[SkillName, SkillPromoted]) -> SkillName | None:
        """Note what `record` says in `promoted`; the skill it is about, or None if it is not for us."""
        tenant, _, skill = (record.key or b"").decode(errors="replace").partition("/")
        if tenant != self._tenant:
            return None
        name = SkillName(skill)
        if record.value is None:
            promoted.pop(name, None)
            return name
        try:
            data = from_record(record).data
        except InvalidRecordError as error:
            warn_once(skill, f"a promotion was ignored: {error}")
            return None
        if not isinstance(data, SkillPromoted) or data.record_key() != f"{tenant}/{skill}":
            warn_once(skill, "a promotion was ignored: its key is not of its data")
            return None
        promoted[name] = data
        return name

    def apply(self, skill: SkillDefinition) -> None:
        """Make `skill` run its promoted version, or its original if none fits. On the loop's thread."""
        promotion = self._promoted.get(skill.name)
        current = skill.current
        if promotion and (promotion.version, promotion.code_hash) == (current.number, current.code_hash):
            return
        version = self._loaded(skill, promotion) if promotion else None
        if version is None and current is skill.original:
            return
        skill.run(version or skill.original)
        now = datetime.now(UTC)
        if promotion and version:
            change = VersionChange(skill.name, version.number, now, promotion.promoted_at, promotion.first_failure_at)
        else:
            change = VersionChange(skill.name, None, now)
        self._notify(change)

    def _loaded(self, skill: SkillDefinition, promotion: SkillPromoted) -> Version | None:
        identity = skill.identity()
        if identity is None:
            return None
        label = f"{promotion.skill} {promotion.version}"
        if identity.function_hash != promotion.function_hash:
            log.info("%s is not loaded: its author has changed the function since", label)
            return None
        try:
            function = load_version(promotion.code, promotion.code_hash, original=skill.function, label=label)
        except LoadError as error:
            log.warning("%s is not loaded, the original goes on: %s", label, error)
            return None
        return Version(
            function=function,
            files=skill.original.files | {filename_of(label)},
            number=promotion.version,
            code_hash=promotion.code_hash,
        )
