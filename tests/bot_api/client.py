"""The plainest client there is: for what no client library would ask, or would hide."""

import json
import urllib.error
import urllib.request
from typing import Any

from tests.bot_api.server import BotApi


def ask(api: BotApi, method: str, token: str = "", **parameters: Any) -> tuple[int, Any]:
    """The status and the JSON body of one request."""
    request = urllib.request.Request(
        f"{api.url}/bot{token or api.token}/{method}",
        data=json.dumps(parameters).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
