"""Search by meaning: all of few passages are compared, and the nearest of many."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.vectors import COMPARED, FEW, PassageVectors, Search


class Compass:
    """An encoder of texts that begin with an angle in degrees: ``90: due east.``"""

    name = "compass"

    def question(self, text: str) -> NDArray[np.float32]:
        """The direction of one."""
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The directions of all, those of titles and of parts below them too."""
        angles = [np.radians(float(text.rpartition("@")[2].split()[0])) for text in texts]
        return np.asarray([(np.cos(angle), np.sin(angle)) for angle in angles], dtype=np.float32)


def compass(folder: Path, passages: int) -> PassageStore:
    """One article whose passages point all around, each with a part that points elsewhere."""
    body = [
        f"Points @{360 * number / passages:.3f} here. And @{360 * number / passages + 5:.3f} too."
        for number in range(passages)
    ]
    (folder / "a.txt").write_text("\n\n".join([" date 2025-01-01 Compass @0", *body]))
    return Corpus(folder, folder / "passages.db", Compass()).up_to_date()


@pytest.mark.parametrize("passages", [FEW - 1, 4 * FEW], ids=["few", "many"])
def test_the_nearest_are_found_and_how_near_they_are(tmp_path: Path, passages: int) -> None:
    store = compass(tmp_path, passages)
    east = Compass().question("@90")
    search = Search(PassageVectors(store), east, store.passage_ids(None))
    nearest = search.nearest(10)
    assert len(nearest) == 10
    found = [store.indexed([id_])[id_].text for id_ in nearest]
    angles = [float(text.rpartition("@")[2].split()[0]) for text in found]
    assert all(abs(angle - 90) < 10 for angle in angles)
    near = search.nearness(nearest[0])
    assert near.passage == pytest.approx(1, abs=0.01)
    assert near.passage_among == pytest.approx(2**0.5, abs=0.05), "all around, cosines vary by √½"
    far = store.passage("a", passages * 3 // 4)
    assert far is not None
    assert search.nearness(1 + passages * 3 // 4).passage == pytest.approx(-1, abs=0.02)


def test_one_article_is_searched_alone(tmp_path: Path) -> None:
    store = compass(tmp_path, 2 * COMPARED)
    search = Search(PassageVectors(store), Compass().question("@90"), range(2, 12))
    assert all(id_ in range(2, 12) for id_ in search.nearest(99))


def test_the_nearest_part_is_named(tmp_path: Path) -> None:
    """All of a passage only where it has no parts."""
    (tmp_path / "a.txt").write_text(
        " date 2025-01-01 Compass @0\n\nHere @0 first. Then @90 it is. @180 last.\n\nAlone @270"
    )
    store = Corpus(tmp_path, tmp_path / "passages.db", Compass()).up_to_date()
    search = Search(PassageVectors(store), Compass().question("@180"), store.passage_ids(None))
    text = store.indexed([2])[2].text
    assert search.nearness(2).span.of(text) == "@180 last."
    assert search.nearness(3).span.of(store.indexed([3])[3].text) == "Alone @270"
