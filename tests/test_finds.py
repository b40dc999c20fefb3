"""What once broke the bot, or kept it busy, does so no more."""

import time
from pathlib import Path

import pytest

from tests.finds import TARGETS, ask_the_seeds

FINDS = sorted(
    path for target in TARGETS for path in (Path(__file__).parent / "finds" / target).iterdir()
)


@pytest.mark.parametrize("find", FINDS, ids=lambda find: f"{find.parent.name}/{find.name}")
def test_a_find_breaks_nothing_any_more(find: Path) -> None:
    ask_the_seeds()
    begun = time.process_time()
    TARGETS[find.parent.name](find.read_bytes())
    assert time.process_time() - begun < 0.5
