"""Comment threads: what is asked under a channel's post is answered from its article first."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bot_api.driver import Channel, Group
from tests.bot_api.people import Message, Reader
from tests.bot_api.server import BotApi
from tests.chats.office import after
from tests.end_to_end.circle import NAME
from tests.end_to_end.newsroom import Newsroom, quotation

HARBOUR = "The harbour of Ilo will close in March. Works begin on Monday, the mayor said."
MARKET = "The fish market will close in April. Works begin on Friday, the builders said."
QUESTION = f"{NAME} When do the works begin?"
LONG = (
    "The bridge is open again",
    "The bridge of Locumba opened again on Sunday after *three* weeks of works. [It](is) safe.\n"
    "Lorries may weigh no more than 20 tons, said the engineer Rosa Mamani & her team.",
    "The toll is 4 soles. "
    + "Drivers waited for hours at both ends of it, as in every summer. " * 8,
)


@dataclass(frozen=True)
class Paper:
    """A channel with its discussion group, the admin Rosa, and Ana, who comments."""

    newsroom: Newsroom
    channel: Channel
    group: Group
    rosa: Reader
    ana: Reader

    def posts(self, text: str, **content: object) -> tuple[Message, Message]:
        """A post, and the message that begins its comments."""
        post, forward = self.channel.posts(text, **content)
        assert forward is not None
        return post, forward

    def answer(self, forward: Message, question: str = QUESTION) -> Message:
        """What the bot says to a comment."""
        comment = self.ana.says(question, reply_to=forward)
        said = self.ana.hears()
        assert said.reply_to == comment.id
        return said

    def keeps_posts(self) -> None:
        """Rosa has long posts become articles."""
        self.rosa.says("/settings")
        panel = self.rosa.hears()
        for label in ("Posts as articles", "on"):
            panel = after(self.rosa, panel, label)
        assert panel.button("Posts as articles")["text"] == "Posts as articles: on •"


@pytest.fixture(scope="module")
def paper_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom with two articles that answer the same question, each its own way."""
    with BotApi() as api:
        newsroom = Newsroom(api, tmp_path_factory.mktemp("newsroom"))
        newsroom.write("a", "Harbour closes", HARBOUR, url="https://example.org/harbour")
        newsroom.write("b", "Fish market closes in April", MARKET, url="https://example.org/market")
        newsroom.bot.start()
        yield newsroom
        print(newsroom.bot.printed)
        newsroom.bot.finish()
    assert api.violations == []


@pytest.fixture
def paper(paper_room: Newsroom) -> Paper:
    """A new channel, where nothing was chosen."""
    group = paper_room.telegram.group("Comments")
    channel = paper_room.telegram.channel("The Ilo Paper", discussion=group)
    return Paper(
        paper_room, channel, group, group.reader("Rosa", status="creator"), group.reader("Ana")
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("Read on: https://example.org/harbour?utm_source=tg", HARBOUR, id="a link"),
        pytest.param("Read on: https://example.org/market", MARKET, id="another link"),
        pytest.param("FISH MARKET closes in April!", MARKET, id="a title"),
        pytest.param("🌊 The harbour of Ilo will close in March. Why?", HARBOUR, id="words"),
    ],
)
def test_a_comment_is_answered_from_the_article_of_the_post(
    paper: Paper, text: str, answer: str
) -> None:
    """With a button that leads to the post."""
    links = [
        {"type": "url", "offset": at, "length": len(text) - at}
        for at in [text.find("https://")]
        if at >= 0
    ]
    post, forward = paper.posts(text, entities=links)
    said = paper.answer(forward)
    assert quotation(said) in answer
    assert said.buttons == [["Read in context", "The post", "Remove"]]
    number = -paper.channel.ear.chat.id - 1_000_000_000_000
    assert said.button("The post")["url"] == f"https://t.me/c/{number}/{post.id}"


def test_the_link_may_stand_on_a_button(paper: Paper) -> None:
    """Under the post."""
    row = [{"text": "Read", "url": "https://example.org/market"}]
    _, forward = paper.posts("News!", reply_markup={"inline_keyboard": [row]})
    assert quotation(paper.answer(forward)) in MARKET


def test_what_the_article_leaves_open_is_looked_for_in_the_others(paper: Paper) -> None:
    """And then no button leads to the post, which is about something else."""
    _, forward = paper.posts("Harbour closes https://example.org/harbour")
    said = paper.answer(forward, f"{NAME} When will the fish market close?")
    assert quotation(said) in MARKET
    assert said.buttons == [["Read in context", "Remove"]]


def test_a_post_about_nothing_known_binds_to_nothing(paper: Paper) -> None:
    """The comments are answered from all articles."""
    _, forward = paper.posts("Good morning!")
    said = paper.answer(forward, f"{NAME} When will the fish market close?")
    assert said.buttons == [["Read in context", "Remove"]]


def test_an_edit_of_the_post_changes_what_its_comments_are_about(paper: Paper) -> None:
    """From then on."""
    post, forward = paper.posts("Harbour closes. The fish market too.")
    assert not paper.answer(forward).buttons
    paper.channel.edits(post, "Fish market closes in April")
    assert quotation(paper.answer(forward)) in MARKET


def test_a_restart_forgets_no_thread(paper: Paper) -> None:
    """What a post is about is kept."""
    _, forward = paper.posts("Fish market closes in April")
    paper.newsroom.restart()
    assert quotation(paper.answer(forward)) in MARKET


class TestLongPost:
    """A post that is an article itself."""

    def test_is_quoted_word_for_word(self, paper: Paper) -> None:
        """With the channel and a link to the post; the file has it as it was written."""
        paper.keeps_posts()
        post, forward = paper.posts("\n\n".join(LONG))
        said = paper.answer(forward, f"{NAME} How much may lorries weigh?")
        assert quotation(said) in LONG[1]
        assert "Lorries may weigh no more than 20 tons" in said.text
        assert f"“{LONG[0]}”" in said.text
        assert said.text.endswith("The Ilo Paper")
        number = -paper.channel.ear.chat.id - 1_000_000_000_000
        [source] = [e["url"] for e in said.raw["entities"] if e["type"] == "text_link"]
        assert source == f"https://t.me/c/{number}/{post.id}"
        file = paper.newsroom.bot.data / "posts" / f"post-{number + 10**12}-{post.id}.md"
        assert "source: The Ilo Paper" in file.read_text("utf-8")

    def test_follows_its_edits(self, paper: Paper) -> None:
        """The next question gets the new words."""
        paper.keeps_posts()
        post, forward = paper.posts("\n\n".join(LONG))
        assert "20 tons" in paper.answer(forward, f"{NAME} How much may lorries weigh?").text
        _, again = paper.posts("The bridge is open again: see above.")
        paper.channel.edits(post, "\n\n".join(LONG).replace("20 tons", "35 tons"))
        assert "35 tons" in paper.answer(again, f"{NAME} How much may lorries weigh?").text

    def test_is_no_article_unless_an_admin_wants_it(self, paper: Paper) -> None:
        """No file is written."""
        post, forward = paper.posts("\n\n".join(LONG).replace("Locumba", "Sama"))
        said = paper.answer(forward, f"{NAME} How much may lorries weigh on the bridge of Sama?")
        assert "Sama" not in said.text
        name = f"post-{-paper.channel.ear.chat.id}-{post.id}.md"
        assert not (paper.newsroom.bot.data / "posts" / name).exists()

    def test_in_a_channel_without_comments_is_one_too(self, paper: Paper) -> None:
        """Where the channel's own settings say so; it is asked about in private."""
        channel = paper.newsroom.telegram.channel("The Tacna Paper")
        rosa = channel.admin("Rosa")
        alone = rosa.alone()
        alone.says("/start")
        alone.hears()
        rosa.says("/settings")
        alone.follows(alone.hears(), "Settings")
        panel = alone.hears()
        for label in ("Posts as articles", "on"):
            panel = after(alone, panel, label)
        channel.posts("\n\n".join(LONG).replace("Locumba", "Tarata"))
        rosa.hears_nothing_more()
        alone.says("Which bridge opened again: that of Tarata?")
        assert "bridge of Tarata opened again" in alone.hears().text
