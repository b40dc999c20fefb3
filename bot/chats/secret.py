"""The webhook's secret: the one that was set, else one made once and kept."""

import os
import secrets
from pathlib import Path

from bot.settings import BadSetting, Settings, is_secret


def webhook_secret(settings: Settings) -> str:
    """What shows that a post is Telegram's; ``BadSetting`` where none is set or can be kept."""
    if settings.webhook and settings.webhook.secret:
        return settings.webhook.secret
    path = settings.webhook_secret
    try:
        return _kept(path) or _made(path)
    except OSError as error:
        raise BadSetting(
            f"PULLQUOTE_WEBHOOK_SECRET is not set, and none can be kept in {path} "
            f"({error.strerror})."
        ) from error


def _kept(path: Path) -> str | None:
    """The secret in the file, if there is one; nobody else may read it from now on."""
    try:
        text = path.read_text("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    path.chmod(0o600)
    return text if is_secret(text) else None


def _made(path: Path) -> str:
    """A new secret, on the disk under its name only once it is whole."""
    secret = secrets.token_urlsafe(48)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    return secret
