"""The paged article and the paged list of articles, as messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chats.buttons import ChooseArticle, ListArticles, Reference, TurnPage
from bot.chats.message import Button, Draft, Message, Rows, fitting, shortened, units
from bot.chats.render import title_button, titled, write_source
from bot.corpus.article import Article, Passage, Span
from bot.locale import Words

PAGE = 1500
"""UTF-16 units of article on a page, unless a single paragraph takes more."""
LONGEST_PART = 3000
"""UTF-16 units of a paragraph that a message can hold; a longer one is shown in parts."""
PARTS_A_PAGE = 20
"""Each takes a mark, of which Telegram allows a hundred."""
ARTICLES_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph on a page, or as much of it as a page can hold."""

    passage: Passage
    span: Span


def pages(passages: Sequence[Passage]) -> list[list[Part]]:
    """The body's paragraphs in pages, whole wherever they fit; the headline is on none of them."""
    found: list[list[Part]] = [[]]
    size = 0
    for part in (part for passage in passages if passage.paragraph for part in _parts(passage)):
        length = units(part.span.of(part.passage.text))
        if found[-1] and (size + length > PAGE or len(found[-1]) == PARTS_A_PAGE):
            found.append([])
            size = 0
        found[-1].append(part)
        size += length
    return found


def page_of(passages: Sequence[Passage], place: Reference) -> int | None:
    """The page, counted from 1, on which a sentence stands; nothing where it stands nowhere."""
    passage = next((each for each in passages if each.paragraph == place.paragraph), None)
    if passage is None or place.sentence >= max(1, len(passage.sentences)):
        return None
    start = passage.sentences[place.sentence].start if passage.sentences else 0
    for number, parts in enumerate(pages(passages), start=1):
        if any(part.passage is passage and start < part.span.end for part in parts):
            return number
    return 1


def page(
    article: Article,
    passages: Sequence[Passage],
    number: int,
    words: Words,
    sought: int | None = None,
) -> Message | None:
    """A page of the article, counted from 1, the paragraph sought marked; or nothing."""
    all_pages = pages(passages)
    if not 1 <= number <= len(all_pages):
        return None
    draft = Draft()
    draft.write(titled(article, words), "bold")
    place = words("read.page", page=number, pages=len(all_pages))
    if article.published:
        place = f"{words.date(article.published)} · {place}"
    draft.write(f"\n{place}")
    write_source(draft, article)
    for part in all_pages[number - 1]:
        paragraph = part.passage.paragraph
        draft.write("\n\n")
        draft.write(f"¶{paragraph}", "bold" if paragraph == sought else None)
        draft.write("\n")
        draft.write(part.span.of(part.passage.text), "blockquote")
    turns = []
    if number > 1:
        label = words("button.page_before", page=number - 1)
        turns.append(Button(label, TurnPage(article.key, number - 1).data))
    if number < len(all_pages):
        label = words("button.page_after", page=number + 1)
        turns.append(Button(label, TurnPage(article.key, number + 1).data))
    return draft.message((tuple(turns),) if turns else ())


def articles_to_ask(
    articles: Sequence[Article], chosen: Article | None, number: int, words: Words
) -> Message | None:
    """A page, counted from 0, of the articles to ask about; nothing if there is none."""
    if not articles:
        return Message(words("articles.none"))
    if number > (len(articles) - 1) // ARTICLES_A_PAGE:
        return None
    if chosen:
        text = words("articles.asking_one", title=titled(chosen, words))
    else:
        text = words("articles.asking_all")
    all_of_them = _choice(words("button.all_articles"), chosen is None, words)
    rows: Rows = ((Button(all_of_them, ChooseArticle(None, number).data),),)
    for article in _on_page(articles, number):
        label = _choice(shortened(article.title, 60), article == chosen, words)
        rows += ((Button(label, ChooseArticle(article.key, number).data),),)
    return Message(text, buttons=rows + _turns(len(articles), number, False, words))


def articles_to_read(articles: Sequence[Article], number: int, words: Words) -> Message | None:
    """A page, counted from 0, of the articles to read; nothing if there is none."""
    if not articles:
        return Message(words("articles.none"))
    if number > (len(articles) - 1) // ARTICLES_A_PAGE:
        return None
    rows = tuple((title_button(article),) for article in _on_page(articles, number))
    return Message(
        words("articles.to_read"), buttons=rows + _turns(len(articles), number, True, words)
    )


def _parts(passage: Passage) -> Iterator[Part]:
    text = passage.text
    end = 0
    while rest := text[end:].lstrip():
        start = len(text) - len(rest)
        end = fitting(text, start, LONGEST_PART)
        yield Part(passage, Span(start, end))


def _choice(label: str, is_chosen: bool, words: Words) -> str:
    return words("button.chosen", choice=label) if is_chosen else label


def _on_page(articles: Sequence[Article], number: int) -> Sequence[Article]:
    return articles[number * ARTICLES_A_PAGE : (number + 1) * ARTICLES_A_PAGE]


def _turns(count: int, number: int, to_read: bool, words: Words) -> Rows:
    """The buttons to the pages of the list before and after, in one row."""
    turns = []
    if number > 0:
        label = words("button.page_before", page=number)
        turns.append(Button(label, ListArticles(number - 1, to_read).data))
    if (number + 1) * ARTICLES_A_PAGE < count:
        label = words("button.page_after", page=number + 2)
        turns.append(Button(label, ListArticles(number + 1, to_read).data))
    return (tuple(turns),) if turns else ()
