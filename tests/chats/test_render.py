"""What a reader is shown is the article's own words, attributed, within Telegram's limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.chats import pages, render
from bot.chats.buttons import DATA_LIMIT, REMOVE, Reference, ShowMatch, action_of
from bot.chats.message import TEXT_LIMIT, Kind, Message, units
from bot.chats.sending import entities
from bot.corpus.article import Article, Passage, Quotation, Span
from bot.corpus.store import PassageStore
from bot.locale import LANGUAGES, words_in
from bot.matching.answer import Answer, Answerer, Excerpt, Outcome, excerpt

EN = words_in("en")
TITLE = "Illegal migrants flocking from Chile to Peru out of fear of Kast"


@pytest.fixture(scope="module")
def answer(answerer: Answerer) -> Answer:
    """What is found for a question that ¶3 answers."""
    return answerer.answer("Who asked for the army's help?")


def passage(text: str, *speakers: str, paragraph: int = 5) -> Passage:
    """A paragraph, all of it spoken by each of the speakers."""
    quotations = tuple(Quotation(Span(0, len(text)), speaker) for speaker in speakers)
    return Passage("kast", paragraph, text, quotations)


def article(**facts: object) -> Article:
    """An article of eight paragraphs."""
    return replace(Article("kast", TITLE, date(2025, 11, 28), "en", 8), **facts)


def shown(about: Article, quoted: Passage, best: int = 0) -> Message:
    """The reply that puts forward one passage, this sentence its best."""
    highlight = quoted.sentences[best] if quoted.sentences else Span(0, len(quoted.text))
    span = excerpt(quoted, highlight) if quoted.sentences else highlight
    found = Excerpt(about, quoted, span, highlight, score=1.0)
    return render.match(found, ShowMatch.best((render.reference(found),), "answer"), EN)


def marked(message: Message, kind: Kind) -> list[str]:
    """The stretches of a message with this mark."""
    return [mark.span.of(message.text) for mark in message.marks if mark.kind == kind]


def labels(message: Message) -> list[list[str]]:
    """What stands on the buttons, row by row."""
    return [[button.text for button in row] for row in message.buttons]


class TestAnswer:
    """A passage that answers."""

    def test_is_quoted_and_attributed(self, store: PassageStore, answer: Answer) -> None:
        """First the passage word for word, then who is quoted, title, date and place."""
        message = render.reply(replace(answer, outcome="answer"), store.articles(), None, EN)
        third = store.passage("000_ae21a01c4e6ca856", 3)
        assert third is not None
        quotation, _, attribution = message.text.partition("\n\n")
        assert marked(message, "blockquote") == [quotation] == [third.text]
        assert attribution.splitlines()[-2:] == [f"“{TITLE}”", "28 November 2025 · ¶3 of 8"]

    def test_leads_to_the_paragraphs_around_it_and_to_other_matches(
        self, store: PassageStore, answer: Answer
    ) -> None:
        """Of three passages found, two stand behind a button."""
        best = answer.excerpts[0]
        found = replace(answer, excerpts=(best, replace(best, score=0.5), replace(best, score=0.2)))
        assert labels(render.reply(found, store.articles(), None, EN)) == [
            ["⬅ Paragraph 2", "Paragraph 4 ➡"],
            ["Read in context"],
            ["Other matches (2)"],
        ]

    def test_that_is_only_the_closest_passage_says_so(
        self, store: PassageStore, answer: Answer
    ) -> None:
        """In the first line, outside the quotation."""
        message = render.reply(replace(answer, outcome="closest"), store.articles(), None, EN)
        first, _, rest = message.text.partition("\n\n")
        assert first == "This is not a direct answer, but the closest passage I found:"
        assert rest.startswith(marked(message, "blockquote")[0])

    def test_has_its_best_sentence_in_bold(self) -> None:
        """Unless it is all that is quoted."""
        two = passage("It rained. The road was blocked.")
        assert marked(shown(article(), two, best=1), "bold") == ["The road was blocked."]
        assert marked(shown(article(), passage("It rained.")), "bold") == []

    def test_can_be_expanded_where_it_is_long(self) -> None:
        """From about 300 characters on."""
        long = passage(" ".join(["The road was blocked."] * 20))
        assert marked(shown(article(), long), "blockquote") == []
        assert marked(shown(article(), long), "expandable_blockquote") == [long.text]

    def test_names_who_is_quoted(self) -> None:
        """As the article names them."""
        message = shown(article(), passage("“No,” Cordero said.", "Minister Luis Cordero"))
        assert "\nQuoting Minister Luis Cordero\n" in message.text

    def test_from_the_headline_has_no_title_beside_it(self) -> None:
        """The headline is quoted; it is not said twice."""
        message = shown(article(), passage(TITLE, paragraph=0))
        assert message.text == f"{TITLE}\n\n28 November 2025 · headline"
        assert labels(message)[0] == ["Paragraph 1 ➡"]

    def test_says_where_it_is_an_excerpt(self) -> None:
        """The quotation itself holds no ellipsis: it is a slice."""
        quoted = passage(" ".join(f"Sentence {number} stands here." for number in range(60)))
        message = shown(article(), quoted, best=30)
        assert marked(message, "expandable_blockquote")[0] in quoted.text
        assert message.text.endswith("¶5 of 8 (excerpt)")

    def test_of_one_endless_sentence_is_cut_between_words(self) -> None:
        """100,000 characters do not fit into a message."""
        quoted = passage("word " * 20_000 + "end.")
        quotation = marked(shown(article(), quoted), "expandable_blockquote")[0]
        assert quoted.text.startswith(quotation + " ")
        assert 2000 < units(quotation) <= 2400

    @pytest.mark.parametrize(
        ("facts", "last_line", "linked"),
        [
            ({"source": "MercoPress"}, "28 November 2025 · ¶5 of 8 · MercoPress", []),
            (
                {"source": "MercoPress", "url": "https://en.mercopress.com/a?b=1"},
                "28 November 2025 · ¶5 of 8 · MercoPress",
                [("MercoPress", "https://en.mercopress.com/a?b=1")],
            ),
            (
                {"url": "https://en.mercopress.com/a"},
                "28 November 2025 · ¶5 of 8 · en.mercopress.com",
                [("en.mercopress.com", "https://en.mercopress.com/a")],
            ),
            ({"source": "Us", "url": "http://localhost/a"}, "28 November 2025 · ¶5 of 8 · Us", []),
            ({"published": None, "url": "https://[::1"}, "¶5 of 8", []),
        ],
        ids=["source", "source and link", "link", "address Telegram refuses", "no date, bad link"],
    )
    def test_names_and_links_its_source(
        self, facts: dict[str, object], last_line: str, linked: list[tuple[str, str]]
    ) -> None:
        """Where the article has one; an address that Telegram would refuse is left out."""
        message = shown(article(**facts), passage("It rained."))
        assert message.text.splitlines()[-1] == last_line
        links = [mark for mark in message.marks if mark.kind == "text_link"]
        assert [(mark.span.of(message.text), mark.url) for mark in links] == linked


class TestNoAnswer:
    """Nothing that answers."""

    def test_is_said_without_speaking_for_the_article(
        self, store: PassageStore, answer: Answer
    ) -> None:
        """That no passage was found; what can be read is offered."""
        message = render.reply(replace(answer, outcome="none"), store.articles(), None, EN)
        assert message.text == (
            f"I found no passage that answers this.\n\nWhat you can read here:\n“{TITLE}”"
        )
        assert labels(message) == [["Illegal migrants flocking from Chile to Peru out of fear of…"]]

    def test_offers_the_three_newest_titles_and_the_list_of_all(self, answer: Answer) -> None:
        """More would bury the answer."""
        articles = [
            article(slug=str(day), title=f"Day {day}", published=date(2025, 1, day))
            for day in range(1, 6)
        ]
        message = render.reply(replace(answer, outcome="none"), articles, None, EN)
        assert labels(message) == [["Day 5"], ["Day 4"], ["Day 3"], ["All titles"]]

    def test_says_that_the_language_of_the_article_finds_more(
        self, store: PassageStore, answer: Answer
    ) -> None:
        """Where only words are matched, and theirs are of another language; not under an answer."""
        found = {
            outcome: render.reply(
                replace(answer, outcome=outcome, is_in_other_language=True),
                store.articles(),
                None,
                words_in("es"),
            ).text
            for outcome in get_args(Outcome)
        }
        hint = "Las preguntas en el idioma del artículo encuentran más."
        assert found["none"].startswith(f"No encontré ningún pasaje que responda a esto. {hint}\n")
        assert found["closest"].startswith(f"{hint}\n")
        assert hint not in found["answer"]

    def test_names_the_chosen_article_where_there_are_others(self, answer: Answer) -> None:
        """The reader may want to ask about those."""
        articles = [article(slug="a", title="A"), article(slug="b", title="B")]
        message = render.reply(replace(answer, outcome="none"), articles, articles[1], EN)
        assert message.text.startswith("I found no passage in “B” that answers this. /articles")
        assert labels(message) == [["B"]]

    def test_without_articles_says_that_there_are_none(self, answer: Answer) -> None:
        """There is nothing to offer."""
        nothing = replace(answer, outcome="none", excerpts=())
        assert render.reply(nothing, [], None, EN) == Message("There are no articles here yet.")


class TestPages:
    """The article, page by page."""

    def test_hold_whole_paragraphs_in_order(self, store: PassageStore) -> None:
        """About 1500 characters a page, every paragraph numbered and in quotation."""
        [one] = store.articles()
        passages = store.passages(one.slug)
        messages = [pages.page(one, passages, number, EN) for number in (1, 2)]
        assert [
            quotation
            for message in messages
            if message
            for quotation in marked(message, "blockquote")
        ] == [passage.text for passage in passages[1:]]
        assert pages.page(one, passages, 3, EN) is None
        first, second = messages
        assert first is not None
        assert second is not None
        assert first.text.startswith(f"“{TITLE}”\n28 November 2025 · Page 1 of 2\n\n¶1\nPeruvian")
        assert (labels(first), labels(second)) == ([["Page 2 ➡"]], [["⬅ Page 1"]])

    def test_open_where_a_sentence_stands_and_mark_its_paragraph(self, store: PassageStore) -> None:
        """¶8 is on the second page."""
        [one] = store.articles()
        passages = store.passages(one.slug)
        assert pages.page_of(passages, Reference(one.key, 8, 1)) == 2
        message = pages.page(one, passages, 2, EN, sought=8)
        assert message is not None
        assert marked(message, "bold")[1:] == ["¶8"]

    @pytest.mark.parametrize("place", [(9, 0), (1, 40)], ids=["paragraph", "sentence"])
    def test_do_not_open_at_a_place_that_is_not_there(
        self, store: PassageStore, place: tuple[int, int]
    ) -> None:
        """The article may have been shortened since."""
        [one] = store.articles()
        assert pages.page_of(store.passages(one.slug), Reference(one.key, *place)) is None


class TestList:
    """The list of articles."""

    ARTICLES = tuple(article(slug=str(number), title=f"Title {number}") for number in range(20))

    def test_has_eight_a_page(self) -> None:
        """With buttons to the pages before and after."""
        message = pages.articles_to_read(self.ARTICLES, 1, EN)
        assert message is not None
        assert labels(message) == [
            *([f"Title {number}"] for number in range(8, 16)),
            ["⬅ Page 1", "Page 3 ➡"],
        ]
        assert pages.articles_to_read(self.ARTICLES, 3, EN) is None

    def test_shows_which_article_is_chosen(self) -> None:
        """In words and with a tick."""
        message = pages.articles_to_ask(self.ARTICLES, self.ARTICLES[17], 2, EN)
        assert message is not None
        assert message.text == "Your questions go to “Title 17”. Choose another, or all:"
        assert labels(message) == [
            ["All articles"],
            *[["Title 16"], ["✓ Title 17"], ["Title 18"], ["Title 19"]],
            ["⬅ Page 2"],
        ]

    def test_of_no_articles_says_so(self) -> None:
        """Nothing to choose from."""
        assert pages.articles_to_ask([], None, 0, EN) == Message("There are no articles here yet.")


# The promises, on any text at all.

CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "🇵🇪👩‍👧é\u0301\u202eש.!“”\n "
)
TEXTS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=300),
    st.builds(
        lambda text, times: text * times,
        st.text(CHARACTERS, min_size=1, max_size=20),
        st.integers(100, 2000),
    ),
)
ARTICLES = st.builds(
    Article,
    slug=TEXTS,
    title=TEXTS,
    published=st.none() | st.dates(),
    language=st.just("en"),
    of=st.integers(1, 9_999_999),
    source=st.none() | TEXTS,
    url=st.none() | st.text(CHARACTERS).map("https://example.org/".__add__),
)
PARAGRAPHS = st.integers(0, 9_999_999)


def holds_the_promises(message: Message, texts: Sequence[str]) -> None:
    """Verbatim, right in UTF-16, within the limits."""
    assert 0 < units(message.text) <= TEXT_LIMIT
    assert len(message.marks) <= 100
    for kind in ("blockquote", "expandable_blockquote"):
        for quotation in marked(message, kind):
            assert any(quotation in text for text in texts)
    for mark, entity in zip(message.marks, entities(message), strict=True):
        parsed = message.text.encode("utf-16-le")[2 * entity.offset :][: 2 * entity.length]
        assert parsed.decode("utf-16-le") == mark.span.of(message.text)
        assert isinstance(entity, MessageEntity)
    for button in (button for row in message.buttons for button in row):
        assert len(button.data.encode()) <= DATA_LIMIT
        assert button.url or button.data == REMOVE or action_of(button.data) is not None


@settings(max_examples=100, deadline=None)
@given(ARTICLES, TEXTS, st.lists(TEXTS, max_size=2), PARAGRAPHS, st.data())
def test_whatever_is_quoted_is_a_slice_of_the_passage(
    about: Article, text: str, speakers: list[str], paragraph: int, data: st.DataObject
) -> None:
    """Also of emoji, right-to-left text, combining marks, and of any length."""
    quoted = passage(text, *speakers, paragraph=paragraph)
    best = data.draw(st.integers(0, max(0, len(quoted.sentences) - 1)))
    holds_the_promises(shown(about, quoted, best), [text])
    holds_the_promises(render.paragraph(about, quoted, EN), [text])


@st.composite
def excerpts(draw: st.DrawFn) -> Excerpt:
    """Any stretch of any paragraph, with any part of it as its best sentence."""
    text = draw(TEXTS)
    start, first, last, end = sorted(draw(st.integers(0, len(text) - 1)) for _ in range(4))
    quoted = passage(text, *draw(st.lists(TEXTS, max_size=2)), paragraph=draw(PARAGRAPHS))
    whole, best = Span(start, end + 1), Span(first, last + 1)
    return Excerpt(draw(ARTICLES), quoted, whole, best, score=1.0)


@settings(max_examples=50, deadline=None)
@given(
    found=st.lists(excerpts(), min_size=1, max_size=3),
    outcome=st.sampled_from(get_args(Outcome)),
    language=st.sampled_from(LANGUAGES),
    data=st.data(),
)
def test_every_reply_keeps_the_promises(
    found: list[Excerpt], outcome: Outcome, language: str, data: st.DataObject, answer: Answer
) -> None:
    """In private, in a group and in any chat, whatever stretch of the article is put forward."""
    words, first = words_in(language), found[0]
    reply = replace(answer, outcome=outcome, excerpts=tuple(found))
    articles = [each.article for each in found]
    shown = data.draw(st.integers(0, len(found)))
    link = data.draw(st.none() | st.just("https://t.me/c/1/2"))
    for message in (
        render.reply(reply, articles, data.draw(st.none() | st.just(articles[0])), words, shown),
        render.in_group(first, "news_bot", words, post=link, shown=shown, count=len(found) + 1),
        render.in_any_chat(first, "news_bot", words),
        render.named(first.article, "news_bot", words),
    ):
        holds_the_promises(message, [each.passage.text for each in found])


@settings(max_examples=50, deadline=None)
@given(ARTICLES, st.lists(TEXTS, min_size=1, max_size=30), st.sampled_from(LANGUAGES))
def test_the_pages_hold_the_article(about: Article, texts: list[str], language: str) -> None:
    """All of it, blanks at the ends aside, in order and in slices."""
    words = words_in(language)
    passages = [passage(text, paragraph=number) for number, text in enumerate(["", *texts])]
    quoted = ""
    for number in range(1, len(pages.pages(passages)) + 1):
        message = pages.page(about, passages, number, words)
        assert message is not None
        holds_the_promises(message, texts)
        quoted += "".join(marked(message, "blockquote"))
    assert "".join(quoted.split()) == "".join("".join(texts).split())


@settings(max_examples=50, deadline=None)
@given(st.lists(ARTICLES, max_size=10), st.sampled_from(LANGUAGES))
def test_lists_of_any_titles_are_within_the_limits(articles: list[Article], language: str) -> None:
    """A title may be endless."""
    words = words_in(language)
    for message in (
        render.nothing_found(articles, None, words),
        render.nothing_found(articles, articles[-1] if articles else None, words),
        pages.articles_to_ask(articles, articles[0] if articles else None, 0, words),
        pages.articles_to_read(articles, 0, words),
    ):
        assert message is not None
        holds_the_promises(message, [])
