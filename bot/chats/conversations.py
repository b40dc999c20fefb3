"""Conversations: the questions asked lately, so that a follow-up knows what it follows.

They are kept in memory alone, a few of each thread and not for long. After a restart a follow-up
is simply a question of its own.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.conversation import Turn, turn

KEPT = 1800.0
"""Seconds for which a question can be followed up by a reply to its answer."""
FRESH = 600.0
"""Seconds for which it can be followed up without one."""
TURNS = 120
"""How many questions of a thread are kept: as many as a group's largest budget has replies."""
MOST = 10_000
"""How many in all."""

Thread = tuple[int, int | None]
"""A chat's id and, where it has topics, the topic's."""


@dataclass(frozen=True, slots=True)
class _Kept:
    turn: Turn
    reply_id: int
    at: float


class Conversations:
    """What was asked lately, by thread. ``clock`` gives seconds from some point on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._threads: dict[Thread, dict[int, _Kept]] = {}
        self._by_age: deque[tuple[Thread, int, _Kept]] = deque()

    def turn(self, text: str, thread: Thread, question_id: int, replied_to: int | None) -> Turn:
        """The turn that a question takes which is put to the bot alone.

        It may lean on the answer it replies to, else on the question before it, but not on one
        that was asked after it: an old question may have been edited.
        """
        if replied_to is not None:
            return self.turn_of_reply(text, thread, replied_to)
        earlier = {
            id_: kept
            for id_, kept in self._threads.get(thread, {}).items()
            if id_ < question_id and self._clock() - kept.at <= FRESH
        }
        return turn(text, earlier[max(earlier)].turn if earlier else None)

    def turn_of_reply(self, text: str, thread: Thread, replied_to: int) -> Turn:
        """The turn that a question takes which replies to a message, such as an answer of ours."""
        for kept in self._threads.get(thread, {}).values():
            if kept.reply_id == replied_to and self._clock() - kept.at <= KEPT:
                return turn(text, kept.turn, is_reply=True)
        return turn(text)

    def remember(self, thread: Thread, question_id: int, reply_id: int, taken: Turn) -> None:
        """Keep a turn for what may follow, unless it asked nothing, as “thanks” does."""
        if not taken.asks_something:
            return
        turns = self._threads.setdefault(thread, {})
        kept = turns[question_id] = _Kept(taken, reply_id, self._clock())
        if len(turns) > TURNS:
            del turns[min(turns)]
        self._by_age.append((thread, question_id, kept))
        self.forget()

    def forget(self) -> None:
        """Let go of the oldest, where their time is over or they are too many."""
        oldest_kept = self._clock() - KEPT
        while self._by_age and (len(self._by_age) > MOST or self._by_age[0][2].at < oldest_kept):
            thread, question_id, kept = self._by_age.popleft()
            turns = self._threads.get(thread, {})
            if turns.get(question_id) is kept:  # and no edit of it
                del turns[question_id]
            if not turns:
                self._threads.pop(thread, None)
