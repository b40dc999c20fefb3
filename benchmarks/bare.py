"""``python -m benchmarks.bare [concurrent] INDEX``: a bot as anybody would begin one.

It asks the same Answerer as Pullquote and replies with the same message. Nothing is stored, nothing
is limited, and what comes in a group, in a row or by mistake is not thought of.
"""

import os
import sys
from pathlib import Path

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.chats import render
from bot.chats.sending import entities, keyboard
from bot.corpus.store import PassageStore
from bot.locale import words_for
from bot.matching.answer import Answerer


def main(index: Path, *, is_concurrent: bool) -> None:
    """Run it until it is told to stop."""
    store = PassageStore(index)
    answerer = Answerer(store)

    async def reply(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        asked = update.message
        assert asked is not None
        assert asked.text is not None
        assert asked.from_user is not None
        words = words_for(asked.from_user.language_code)
        shown = render.reply(answerer.answer(asked.text), store.articles(), None, words)
        await asked.reply_text(
            shown.text, entities=entities(shown), reply_markup=keyboard(shown), do_quote=True
        )

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
