"""Coroutines that are begun at once: run as far as their first suspension, then left to the loop.

`asyncio.eager_task_factory` does the same from Python 3.12 on. Here it is done by hand, so that all
versions record alike.
"""

from __future__ import annotations

import asyncio
import inspect
import types
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any


class Begun:
    """An awaitable, begun. `over`: it ended already, with `value` or with `error`."""

    def __init__(self, awaitable: Awaitable[Any]) -> None:
        self.over = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.first: Any = None
        coroutine = awaitable if inspect.iscoroutine(awaitable) else _awaited(awaitable)
        self.coroutine: Coroutine[Any, Any, Any] = coroutine
        try:
            self.first = self.coroutine.send(None)
        except StopIteration as end:
            self.over, self.value = True, end.value
        except (Exception, asyncio.CancelledError) as error:
            self.over, self.error = True, error

    async def rest(self) -> Any:
        """Goes on with the coroutine, as `await` would have; gives what it returns."""
        if self.error is not None:
            raise self.error
        return self.value if self.over else await _rest(self.coroutine, self.first)


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, Any], first: Any) -> Generator[Any, Any, Any]:
    # `await coroutine` would refuse a coroutine that is under way; `yield from` takes it. What is
    # thrown before that, the error of a future that it waits for, must reach it, too.
    try:
        yield first
    except BaseException as error:
        thrown = error
    else:
        return (yield from coroutine)
    try:
        following = coroutine.throw(thrown)
    except StopIteration as end:
        return end.value
    return (yield from _rest(coroutine, following))


def start(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
    """Begins the coroutine now, and gives the future of its end."""
    loop = asyncio.get_running_loop()
    begun = Begun(coroutine)
    if not begun.over:
        # A bare suspension ends in the next turn, and so does the wait for a task's beginning.
        return loop.create_task(begun.coroutine if begun.first is None else begun.rest())
    ended = loop.create_future()
    if isinstance(begun.error, asyncio.CancelledError):
        ended.cancel()
    elif begun.error is not None:
        ended.set_exception(begun.error)
    else:
        ended.set_result(begun.value)
    return ended
