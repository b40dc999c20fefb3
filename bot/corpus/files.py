"""The files that articles are in: which they are, what is in them, and what tells that apart."""

import errno
import os
import stat
from hashlib import blake2b
from pathlib import Path

from bot.text.controls import escaped, harmless

ENDINGS = (".txt", ".md")
"""Of files that hold articles."""
LARGEST = 5 * 1024 * 1024
"""Bytes of a file; a novel has a tenth of that."""

Content = bytes | OSError
"""What is in a file, or why that cannot be known."""

# What is no regular file may keep whoever opens it waiting; what replaces one meanwhile does not.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class NoFolder(Exception):
    """The folder of articles is not there."""


def article_files(folder: Path) -> list[Path]:
    """What is named like an article in a folder, by name; README.md and hidden files are not.

    Whether there is one in it, ``content_of`` says. Raises ``NoFolder``.
    """
    if not folder.is_dir():
        raise NoFolder(f"There is no folder {folder}.")
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and not os.path.isdir(path)  # which raises nothing
        and not path.name.startswith(".")
        and path.stem.lower() != "readme"
    )


def name_of(file: Path) -> str:
    """The file's name as it is stored and shown: one that a terminal would obey is written out."""
    return escaped(file.name)


def content_of(file: Path) -> Content:
    """What is in a file, or why that cannot be known or is not wanted.

    A link is followed within the folder alone, which may itself be one.
    """
    try:
        return _read(file)
    except OSError as error:
        return error


def _read(file: Path) -> bytes:
    if harmless(file.name) != file.name:
        raise _refused("its name has control characters")
    found = os.path.realpath(file, strict=True)
    if not Path(found).is_relative_to(os.path.realpath(file.parent)):
        raise _refused("a link out of the folder")
    # Of a device even opening it may do something.
    if not stat.S_ISREG(os.stat(found).st_mode):
        raise _refused("not a regular file")
    with open(os.open(found, _FLAGS), "rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _refused(f"larger than {LARGEST // 1024**2} MB")
    return content


def _refused(why: str) -> OSError:
    return OSError(errno.EPERM, why)


def digest(content: Content) -> str:
    """What tells this content from any other."""
    known = content if isinstance(content, bytes) else str(content).encode()
    return blake2b(known, digest_size=16).hexdigest()
