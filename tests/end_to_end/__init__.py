"""The bot from end to end: as a process, a Bot API on loopback, people who write.

Read the tests as transcripts: who says what, and what they hear.

1. ``newsroom``: the bot over a folder of articles, and how a question is chosen for its outcome.
2. ``test_questions``, ``test_buttons``, ``test_commands``, ``test_articles``, ``test_languages``:
   what a reader sees alone with the bot.
3. ``circle``: people in a group with the bot. ``test_groups``, ``test_panel``, ``test_removing``,
   ``test_dry_run``: what they see.
4. ``test_followups``, ``test_inline``, ``test_guest``: in a conversation, and in any other chat.
5. ``test_delivery``, ``test_faults``, ``test_start``: what can go wrong on the way, and before.
"""
