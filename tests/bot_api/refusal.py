"""What Telegram answers when it refuses a request, in its own words."""

from functools import partial
from typing import Any


class Refused(Exception):
    """A request that Telegram refuses.

    A *violation* breaks a rule that the bot could have kept: too long a text, a reply to a message
    that never was. Any other refusal can only be learnt by asking: the message is deleted since,
    the reader has blocked the bot. Violations fail the test, refusals do not.
    """

    def __init__(
        self, status: int, description: str, *, violation: bool = False, **parameters: int
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.violation = violation
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that Telegram sends with the status."""
        body = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refusal(words: str) -> Refused:
    """A 400 for something the bot could not know."""
    return Refused(400, f"Bad Request: {words}")


def violation(words: str) -> Refused:
    """A 400 for a rule that the bot could have kept."""
    return Refused(400, f"Bad Request: {words}", violation=True)


unauthorized = partial(Refused, 401, "Unauthorized")
not_found = partial(Refused, 404, "Not Found", violation=True)
other_poller = partial(
    Refused,
    409,
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
)
webhook_active = partial(
    Refused,
    409,
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first",
)
not_modified = partial(
    refusal,
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message",
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
query_too_old = partial(refusal, _TOO_OLD)
no_such_query = partial(violation, _TOO_OLD)
blocked = partial(Refused, 403, "Forbidden: bot was blocked by the user")
not_started = partial(Refused, 403, "Forbidden: bot can't initiate conversation with a user")


def migrated(new_chat_id: int) -> Refused:
    """The 400 of a group that goes on under another id."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(400, words, migrate_to_chat_id=new_chat_id)


def too_many_requests(retry_after: int) -> Refused:
    """The 429 that asks for a pause of so many seconds."""
    words = f"Too Many Requests: retry after {retry_after}"
    return Refused(429, words, retry_after=retry_after)
