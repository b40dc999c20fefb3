"""A Bot API on loopback, for tests from end to end: the one fake, the network's far end.

The bot runs as a real process and speaks real HTTP. Every request is judged by others' code first
(aiogram's schema, teremok's limits); one that breaks a rule gets Telegram's own 400 and fails the
test. Read in this order:

1. ``refusal``: what Telegram answers when it refuses.
2. ``rules``, ``judge``: whether a request keeps the Bot API's rules.
3. ``updates``, ``state``, ``methods``: what Telegram knows and does.
4. ``faults``, ``courier``, ``server``: the wire, and what can go wrong on it.
5. ``people``, ``driver``: readers, groups and channels, as a test speaks of them.
6. ``process``: the bot. ``client``: a client for what no bot would send.

>>> def test_a_reader_is_answered(telegram, pullquote):
...     pullquote.start()
...     ana = telegram.private("Ana", language="es")
...     question = ana.says("¿Quién pidió ayuda al ejército?")
...     answer = ana.hears()
...     assert answer.reply_to == question.id
...     ana.presses(answer, "¶2")
...     assert ana.hears().edited
...     ana.hears_nothing_more()
"""
