"""An update in, messages out; the precious database ``state.db``. Telegram's library only here."""

import os

# Without it the library warns whenever Telegram asks to wait.
os.environ.setdefault("PTB_TIMEDELTA", "true")
