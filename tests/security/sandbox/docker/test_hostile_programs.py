"""The hostile programs that reach for the host and for their neighbours, with the same verdicts in a container."""

from __future__ import annotations

import pytest

from autodev.sandbox import Engine, prove
from tests.security.sandbox.test_boundaries import (  # noqa: F401 - collected here, with this directory's engine
    test_abstract_sockets_of_the_host_are_elsewhere,
    test_clone3_does_not_exist,
    test_clone_makes_no_namespace,
    test_every_refused_system_call_is_refused,
    test_installed_packages_are_hidden,
    test_names_do_not_resolve_and_fail_fast,
    test_no_file_of_the_host_can_be_read,
    test_no_file_of_the_supervisor_is_open,
    test_no_socket_leads_out,
    test_nothing_can_be_written_outside_the_scratch_directory,
    test_nothing_is_typed_into_a_terminal,
    test_side_doors_into_the_kernel_are_deadly,
    test_the_guest_is_nobody_and_stays_so,
    test_the_harness_can_not_be_changed,
    test_the_host_has_no_name,
    test_the_scratch_directory_can_be_written,
)
from tests.security.sandbox.test_forgery import *  # noqa: F403
from tests.security.sandbox.test_processes import *  # noqa: F403
from tests.security.sandbox.test_resources import *  # noqa: F403

pytestmark = pytest.mark.isolation


async def test_every_control_holds_here(engine: Engine) -> None:
    report = await prove(engine)

    assert report.engine == "docker"
    assert {control.name: control.evidence for control in report.controls if not control.held} == {}
