"""The files that articles are in: which they are, what is in them, and what tells that apart."""

from hashlib import blake2b
from pathlib import Path

ENDINGS = (".txt", ".md")
"""Of files that hold articles."""

Content = bytes | OSError
"""What is in a file, or why that cannot be known."""


class NoFolder(Exception):
    """The folder of articles is not there."""


def article_files(folder: Path) -> list[Path]:
    """The files in a folder that hold articles, by name; README.md and hidden files do not.

    Raises ``NoFolder``.
    """
    if not folder.is_dir():
        raise NoFolder(f"There is no folder {folder}.")
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and path.is_file()
        and not path.name.startswith(".")
        and path.stem.lower() != "readme"
    )


def content_of(file: Path) -> Content:
    """What is in a file, or why that cannot be known."""
    try:
        return file.read_bytes()
    except OSError as error:
        return error


def digest(content: Content) -> str:
    """What tells this content from any other."""
    known = content if isinstance(content, bytes) else str(content).encode()
    return blake2b(known, digest_size=16).hexdigest()
