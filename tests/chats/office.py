"""The handlers of every chat behind a real client, on a loopback Bot API."""

import asyncio
import threading
from pathlib import Path

from telegram.ext import Application, ApplicationBuilder

from bot.chats.client import Client
from bot.chats.desk import Desk
from bot.chats.private import handlers
from bot.chats.state import ChatState
from bot.corpus.build import Corpus
from bot.matching.answer import Answerer
from bot.settings import Settings
from tests.bot_api.people import Message, Reader
from tests.bot_api.server import BotApi

SEED = Path(__file__).parents[2] / "seeds" / "000_ae21a01c4e6ca856.txt"
KEY = "bc74ee8e"
"""The seed article's."""
TITLE = "Illegal migrants flocking from Chile to Peru out of fear of Kast"
QUESTION = "Who asked for the army's help?"
"""¶3 of the seed article answers it."""
THIRD = "The decision follows a formal request from the regional governor of Tacna"
"""How ¶3 begins."""


class Office:
    """The handlers behind a real client, over a folder of articles that can change."""

    def __init__(self, api: BotApi, folder: Path) -> None:
        self.api = api
        self.articles = folder / "articles"
        self.articles.mkdir()
        self._index = folder / "passages.db"
        self._state = folder / "state.db"
        self._thread: threading.Thread | None = None

    def write(self, name: str, title: str, *paragraphs: str) -> None:
        """Put an article into the folder, to be served from the next opening on."""
        body = "\n\n".join(paragraphs)
        (self.articles / f"{name}.md").write_text(f"---\ntitle: {title}\n---\n{body}\n")

    def choose(self, reader: Reader, slug: str) -> None:
        """Have a choice stand in the state from an earlier time."""
        state = ChatState(self._state)
        state.choose_article(reader.user["id"], slug)
        state.close()

    def open(self) -> None:
        """Serve what is in the folder now."""
        polls = self.api.polls
        self._loop, self._ends = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])
        self._thread.start()
        self.api.wait_until(lambda: self.api.polls > polls, "the bot polls")

    def close(self) -> None:
        """Finish what is in hand, if it was opened; it can be opened again."""
        if self._thread:
            self._loop.call_soon_threadsafe(self._ends.set)
            self._thread.join()
            self._loop.close()
            self._thread = None

    async def _serve(self) -> None:
        store = Corpus(self.articles, self._index).up_to_date()
        state = ChatState(self._state)
        desk = Desk(Settings(), store, state, Answerer(store), lambda: None)
        client = Client(self.api.token, self.api.url)
        application: Application = ApplicationBuilder().bot(client).job_queue(None).build()
        application.add_handlers(handlers())
        application.bot_data["desk"] = desk
        assert application.updater
        async with application:
            await application.start()
            await application.updater.start_polling(timeout=1)
            await self._ends.wait()
            await application.updater.stop()
            await application.stop()
        desk.close()
        state.close()
        store.close()


def told(reader: Reader, text: str) -> Message:
    """What the bot says to a text."""
    reader.says(text)
    return reader.hears()


def after(reader: Reader, message: Message, label: str) -> Message:
    """The message as it stands after a press that edits it without a toast."""
    assert "text" not in reader.presses(message, label)
    edited = reader.hears()
    assert (edited.id, edited.edited) == (message.id, True)
    return edited
