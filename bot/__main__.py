"""``python -m bot`` is the command ``pullquote``."""

from bot.cli import main

main()
