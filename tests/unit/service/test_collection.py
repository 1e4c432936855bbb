import asyncio
import contextlib
import gc
import weakref

from autodev.service.collection import collect_regularly


class Node:
    itself: "Node"


async def test_a_cycle_that_nobody_holds_is_gone_without_new_objects_to_trigger_a_look() -> None:
    gc.disable()
    collecting = asyncio.create_task(collect_regularly(seconds=0.01))
    try:
        node = Node()
        node.itself = node
        known = weakref.ref(node)
        del node
        assert known() is not None
        await asyncio.sleep(0.1)
        assert known() is None
    finally:
        collecting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await collecting
        gc.enable()
