"""One reader floods the bot: the others are answered as if they had not."""

from tests.bot_api.driver import Telegram
from tests.bot_api.process import BotProcess

QUESTION = "Who blocked the Panamericana Sur?"


def test_a_thousand_questions_of_one_reader_keep_no_other_waiting(
    telegram: Telegram, pullquote: BotProcess
) -> None:
    """However long the flood, another's question is answered among the first."""
    ana, berta = telegram.private("Ana"), telegram.private("Berta")
    for number in range(1000):
        ana.says(f"{QUESTION} {number}")
    berta.says(QUESTION)
    pullquote.start()
    assert "Panamericana" in berta.hears().text
    assert len(ana.ear.unheard()) < 100


def test_typing_a_hundred_queries_keeps_no_other_waiting(
    telegram: Telegram, pullquote: BotProcess
) -> None:
    """Of what one reader types only the last is looked up."""
    pullquote.start()
    ana, berta = telegram.private("Ana"), telegram.private("Berta")
    for number in range(100):
        ana.typed(f"{QUESTION} {number}")
    assert berta.types(QUESTION).titles
