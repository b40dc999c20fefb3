"""A clock that tests move: no test of time takes any."""

import asyncio


class Clock:
    """A clock that stands still until it is moved; whoever sleeps wakes when it has got there."""

    def __init__(self, now: float) -> None:
        self.time = now
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def __call__(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Return once the clock was moved so far."""
        if seconds <= 0:
            return
        awake = asyncio.Event()
        self._sleepers.append((self.time + seconds, awake))
        await awake.wait()

    async def until_asleep(self) -> None:
        """Return once somebody sleeps."""
        while not any(not awake.is_set() for _, awake in self._sleepers):
            await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        self.time += seconds
        for until, awake in self._sleepers:
            if until <= self.time:
                awake.set()
