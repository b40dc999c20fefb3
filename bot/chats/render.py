"""An Answer as a message: the excerpt in quotation, where it stands, and the buttons under it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.chats.buttons import (
    REMOVE,
    ListArticles,
    OpenArticle,
    Reference,
    ShowMatch,
    ShowParagraph,
)
from bot.chats.links import passage_link
from bot.chats.message import Button, Draft, Message, Rows, fitting, shortened, units
from bot.corpus.article import Article, Passage, Span
from bot.locale import Words
from bot.matching.answer import Answer, Excerpt

QUOTATION_LIMIT = 2400
"""UTF-16 units of an excerpt: with all that stands around it, a message stays below its limit."""

_LINK = re.compile(r"https?://([\w-]+(?:\.[\w-]+)+)(?::[0-9]{1,5})?(?:[/?#]\S*)?")


def reply(
    answer: Answer,
    articles: Sequence[Article],
    chosen: Article | None,
    words: Words,
    shown: int = 0,
) -> Message:
    """The reply to a question, put to the chosen article or, where there is none, to all.

    ``shown`` says which of the passages found is quoted, from 0.
    """
    is_hinted = answer.is_in_other_language and answer.outcome != "answer"
    hint = words("answer.other_language") if is_hinted else ""
    if answer.outcome == "none" or not answer.excerpts:
        return nothing_found(articles, chosen, words, hint)
    best = ShowMatch.best(tuple(map(reference, answer.excerpts)), answer.outcome)
    if shown >= len(best.matches):
        return Message(words("answer.no_more"))
    message = match(answer.excerpts[shown], replace(best, shown=shown), words)
    return message.after(hint) if hint else message


def match(excerpt: Excerpt, place: ShowMatch, words: Words) -> Message:
    """One of the passages found for a question; ``place`` says which and what the others are."""
    buttons = _around(excerpt, words)
    if len(place.matches) > 1:
        label = words("button.others", count=len(place.matches) - 1)
        buttons += ((Button(label, place.next().data),),)
    message = _quoted(excerpt, words, buttons)
    if place.shown:
        return message.after(words("answer.match", shown=place.shown + 1, count=len(place.matches)))
    return message.after(words("answer.closest")) if place.outcome == "closest" else message


def paragraph(article: Article, passage: Passage, words: Words) -> Message:
    """A whole paragraph in quotation, as far as a message can hold it."""
    whole = Excerpt(article, passage, Span(0, len(passage.text)), Span(0, 0), score=0.0)
    return _quoted(whole, words, _around(whole, words))


def in_group(  # noqa: PLR0913  what is quoted, and what is known of where it stands
    excerpt: Excerpt,
    username: str,
    words: Words,
    *,
    post: str | None = None,
    shown: int = 0,
    count: int = 1,
) -> Message:
    """The passage found for a question in a group; ``username`` is the bot's, to read on with it.

    Its asker, or an admin, can have it removed. ``post`` is the address of the post about it that
    is commented on; ``shown`` says which it is, from 0, of so many.
    """
    ways = [_read_on(reference(excerpt), username, words)]
    if post:
        ways.append(Button(words("button.post"), url=post))
    message = _quoted(excerpt, words, ((*ways, Button(words("button.remove"), REMOVE)),))
    return message.after(words("answer.match", shown=shown + 1, count=count)) if shown else message


def in_any_chat(excerpt: Excerpt, username: str, words: Words) -> Message:
    """A passage as it can stand in a chat the bot is not in; ``username`` is the bot's.

    A button leads to where it can be read on.
    """
    return _quoted(excerpt, words, ((_read_on(reference(excerpt), username, words),),))


def named(article: Article, username: str, words: Words) -> Message:
    """An article's title, date and source, with a button that leads to where it can be read."""
    draft = Draft()
    draft.write(titled(article, words), "bold")
    if article.published:
        draft.write(f"\n{words.date(article.published)}")
    write_source(draft, article, " · " if article.published else "\n")
    return draft.message(((_read_on(Reference(article.key, 0), username, words),),))


def nothing_found(
    articles: Sequence[Article], chosen: Article | None, words: Words, hint: str = ""
) -> Message:
    """The honest no: that no passage was found, how to find more, and what can be read instead."""
    if not articles:
        return Message(words("articles.none"))
    if chosen and len(articles) > 1:
        text = words("answer.none_in", title=titled(chosen, words))
    else:
        text = words("answer.none")
    offered = [chosen] if chosen else articles
    return covered(f"{text} {hint}".rstrip(), words("answer.covers"), offered, words)


def covered(text: str, offer: str, articles: Sequence[Article], words: Words) -> Message:
    """A text, then the titles of the newest articles, each with a button that opens it."""
    if not articles:
        return Message(f"{text}\n\n{words('articles.none')}")
    newest = newest_first(articles)[:3]
    titles = "\n".join(titled(article, words) for article in newest)
    rows = tuple((title_button(article),) for article in newest)
    if len(articles) > len(newest):
        rows += ((Button(words("button.more_articles"), ListArticles(0, to_read=True).data),),)
    return Message(f"{text}\n\n{offer}\n{titles}", buttons=rows)


def newest_first(articles: Sequence[Article]) -> list[Article]:
    """The articles by date; those without one come last."""
    return sorted(articles, key=lambda article: article.published or date.min, reverse=True)


def titled(article: Article, words: Words) -> str:
    """The article's title in quotation marks, shortened where it is very long."""
    return words("attribution.title", title=shortened(article.title, 300))


def title_button(article: Article) -> Button:
    """A button with the article's title that opens it."""
    label = shortened(article.title, 60)
    return Button(label, OpenArticle(Reference(article.key, 0)).data)


def reference(excerpt: Excerpt) -> Reference:
    """The place of an excerpt's best sentence."""
    starts = [sentence.start for sentence in excerpt.passage.sentences]
    before = sum(start <= excerpt.highlight.start for start in starts)
    return Reference(excerpt.article.key, excerpt.passage.paragraph, max(0, before - 1))


def place(article: Article, passage: Passage, words: Words) -> str:
    """When the article was published, and where in it a passage stands."""
    if passage.paragraph:
        number = words("attribution.paragraph", paragraph=passage.paragraph, of=article.of)
    else:
        number = words("attribution.headline")
    return f"{words.date(article.published)} · {number}" if article.published else number


def write_source(draft: Draft, article: Article, separator: str = " · ") -> None:
    """Put the article's source at the end, as a link where the article has an address."""
    address = _LINK.fullmatch(article.url or "")
    source = article.source or (address and address[1])
    if source:
        draft.write(separator)
        url = article.url if address else None
        draft.write(shortened(source, 200), "text_link" if url else None, url)


def _quoted(excerpt: Excerpt, words: Words, buttons: Rows) -> Message:
    """The excerpt in quotation, its best sentence in bold, and where it stands."""
    article, passage = excerpt.article, excerpt.passage
    quotation = _quotation(excerpt)
    draft = Draft()
    draft.quote(passage.text, quotation, excerpt.highlight)
    draft.write("\n\n")
    if excerpt.speaker:
        draft.write(words("attribution.speaker", speaker=shortened(excerpt.speaker, 200)) + "\n")
    if passage.paragraph:
        draft.write(titled(article, words) + "\n")
    draft.write(place(article, passage, words))
    if quotation != Span(0, len(passage.text)):
        draft.write(f" ({words('attribution.part')})")
    write_source(draft, article)
    return draft.message(buttons)


def _quotation(excerpt: Excerpt) -> Span:
    """The excerpt's span; where it is too long for a message, the part with the best sentence."""
    text, span, best = excerpt.passage.text, excerpt.excerpt, excerpt.highlight
    if units(span.of(text)) <= QUOTATION_LIMIT:
        return span
    end = fitting(text, span.start, QUOTATION_LIMIT)
    if best.end <= end:
        return Span(span.start, end)
    return Span(best.start, min(span.end, fitting(text, best.start, QUOTATION_LIMIT)))


def _read_on(at: Reference, username: str, words: Words) -> Button:
    return Button(words("button.read"), url=passage_link(username, at))


def _around(excerpt: Excerpt, words: Words) -> Rows:
    """Buttons to the paragraphs before and after, and to the article at this place."""
    article, paragraph = excerpt.article, excerpt.passage.paragraph
    neighbours = []
    if paragraph > 1:
        before = ShowParagraph(Reference(article.key, paragraph - 1)).data
        label = words("button.paragraph_before", paragraph=paragraph - 1)
        neighbours.append(Button(label, before))
    if paragraph < article.of:
        after = ShowParagraph(Reference(article.key, paragraph + 1)).data
        label = words("button.paragraph_after", paragraph=paragraph + 1)
        neighbours.append(Button(label, after))
    read = Button(words("button.read"), OpenArticle(reference(excerpt)).data)
    return ((tuple(neighbours),) if neighbours else ()) + ((read,),)
