"""Listening: the sockets on which posts come in, on a port or in a file that is cleaned up."""

import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.netutil import bind_sockets, bind_unix_socket

from bot.settings import BadSetting

FOR_THE_GROUP = 0o660
"""Who can connect to the file: the bot's user, and the group that its folder gives it."""


@contextmanager
def listening(where: tuple[str, int] | Path) -> Iterator[list[socket.socket]]:
    """Sockets that listen; ``BadSetting`` where they cannot. The file goes at the end."""
    shown = f"unix:{where}" if isinstance(where, Path) else f"{where[0]}:{where[1]}"
    try:
        sockets = [_bound(where)] if isinstance(where, Path) else bind_sockets(where[1], where[0])
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise BadSetting(
            f"PULLQUOTE_WEBHOOK_LISTEN: it is not possible to listen on {shown} ({reason})."
        ) from error
    if not isinstance(where, Path):
        yield sockets
        return
    mine = where.stat()
    try:
        yield sockets
    finally:
        if where.exists() and where.stat().st_ino == mine.st_ino:
            where.unlink()


def _bound(path: Path) -> socket.socket:
    if _is_heard(path):
        raise ValueError("another program listens there")
    return bind_unix_socket(str(path), mode=FOR_THE_GROUP)  # which removes what one left behind


def _is_heard(path: Path) -> bool:
    """Whether it is the socket of a program that runs."""
    if not path.exists() or not stat.S_ISSOCK(path.stat().st_mode):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(1)
        try:
            caller.connect(str(path))
        except ConnectionRefusedError:
            return False
        except OSError:  # it is there, however slow, or another user's
            return True
    return True
