"""Pullquote answers readers' questions with an article's own words.

A question travels one way, chats → matching → corpus → text, and the answer comes back the same
way. Read the modules in the other direction, each resting on the ones before it:

1. ``text``: strings in; terms, sentences and vectors out.
2. ``corpus``: articles in, passages out; the derived database ``passages.db``.
3. ``matching``: a question in, an ``Answer`` out: the excerpt, how sure it is, and why.
4. ``chats``: Telegram's updates in, messages out; the precious database ``state.db``.
5. ``locale``: the bot's own words. ``settings``: what can be set. ``cli``: the commands.
"""
