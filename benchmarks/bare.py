"""``python -m benchmarks.bare [concurrent] INDEX``: a bot as anybody would begin one.

It asks the same Answerer as Pullquote and replies with the passage. Nothing is stored, nothing is
limited, and what comes in a group or by mistake is not thought of.
"""

import os
import sys
from pathlib import Path

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer


def main(index: Path, *, is_concurrent: bool) -> None:
    """Run it until it is told to stop."""
    answerer = Answerer(PassageStore(index))

    async def reply(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        found = answerer.answer(update.message.text)
        text = found.excerpts[0].passage.text if found.excerpts else "The article does not say."
        await update.message.reply_text(text, do_quote=True)

    app = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
        .concurrent_updates(is_concurrent)
        .build()
    )
    app.add_handler(MessageHandler(filters.TEXT, reply))
    app.run_polling()


if __name__ == "__main__":
    main(Path(sys.argv[-1]), is_concurrent="concurrent" in sys.argv)
