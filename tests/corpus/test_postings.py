"""Postings: which passages have which words."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.postings import BadPostings, Postings, PostingsWriter, fingerprint

TEXTS = (
    "Kestrels and herons",
    "A heron, a HERON, a heron!",
    "Señor Peña’s 1,200 herons weigh 3.5 kg",
    "The kestrel",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four passages, of which the first two are article 1's."""
    folder = tmp_path / "postings"
    writer = PostingsWriter(folder)
    for number, text in enumerate(TEXTS):
        writer.add(number + 1, 1 + number // 2, text)
    writer.finish()
    return folder


@pytest.fixture
def postings(folder: Path) -> Postings:
    return Postings(folder)


def test_every_word_is_there_folded_with_the_number_of_passages_that_have_it(
    postings: Postings,
) -> None:
    """A number with separators is one word."""
    forms = dict(postings.forms())
    assert {"heron": 1, "herons": 2, "pena": 1, "1200": 1, "3.5": 1}.items() <= forms.items()
    assert not {"200", "1,200", "3", "HERON"} & forms.keys()


@pytest.mark.parametrize(
    ("forms", "passages"),
    [
        pytest.param(["heron"], 1, id="one form, in one passage three times"),
        pytest.param(["heron", "herons"], 3, id="two forms"),
        pytest.param(["kestrels", "herons"], 2, id="two forms in the same passage"),
        pytest.param(["1200"], 1, id="a number"),
        pytest.param(["eagle"], 0, id="none"),
        pytest.param([], 0, id="no form"),
    ],
)
def test_passages_with_some_of_the_forms_are_counted_once(
    postings: Postings, forms: list[str], passages: int
) -> None:
    assert postings.frequency(forms) == passages


@pytest.mark.parametrize(
    ("gains", "article", "found"),
    [
        pytest.param({"heron": 1.0}, None, [2], id="where it stands"),
        pytest.param({"kestrel": 9.0, "heron": 1.0}, None, [4, 2], id="what is worth more first"),
        pytest.param({"kestrel": 1.0, "heron": 9.0}, None, [2, 4], id="and the other way round"),
        pytest.param({"kestrel": 9.0, "heron": 1.0}, 1, [2], id="in one article"),
        pytest.param({"kestrel": 9.0, "heron": 1.0}, 3, [], id="in an article that is not there"),
        pytest.param({"eagle": 1.0}, None, [], id="nowhere"),
        pytest.param({"": 1.0}, None, [], id="an empty form"),
    ],
)
def test_the_best_have_most_of_what_is_sought(
    postings: Postings, gains: dict[str, float], article: int | None, found: list[int]
) -> None:
    assert postings.best(gains, article, 9) == found


def test_no_more_are_found_than_asked_for(postings: Postings) -> None:
    assert len(postings.best({"herons": 1.0, "heron": 1.0, "kestrel": 1.0}, None, 2)) == 2


def damaged(folder: Path) -> Iterator[Path]:
    """Copies of the postings, each with another byte of the terms changed."""
    for place in range(0, next(folder.glob("*.term")).stat().st_size, 5):
        copy = folder.with_name(f"changed at {place}")
        shutil.copytree(folder, copy)
        terms = next(copy.glob("*.term"))
        whole = bytearray(terms.read_bytes())
        whole[place] ^= 255
        terms.write_bytes(whole)
        yield copy


def test_damage_is_told_as_such_wherever_it_is_met(folder: Path) -> None:
    """Never as anything that would end the bot."""
    met = 0
    for copy in damaged(folder):
        try:
            postings = Postings(copy)
            postings.frequency(["heron", "herons"])
            postings.best({"heron": 1.0, "kestrel": 2.0}, None, 9)
        except BadPostings:
            met += 1
    assert met


def test_a_folder_without_postings_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadPostings):
        Postings(tmp_path)


def test_a_fingerprint_changes_with_any_file(folder: Path) -> None:
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    (folder / "more").write_bytes(b"")
    assert fingerprint(folder) != before
