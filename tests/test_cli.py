"""The command line: what scripts and people rely on."""

from json import loads
from pathlib import Path

import pytest

from tests.command import ROOT, Command

ARMY = "Who asked for the army's help?"


def test_a_question_gets_the_passage_with_its_attribution(command: Command) -> None:
    printed = command("ask", "Who", "blocked", "the", "Panamericana", "Sur?")
    assert printed.exit_code == 0
    assert "│ Frustrated migrants blocked the Panamericana Sur highway" in printed.output
    assert "“Illegal migrants flocking from Chile to Peru out of fear of Kast”" in printed.output
    assert "28 November 2025 · ¶5 of 8" in printed.output


def test_the_json_has_what_scripts_rely_on(command: Command) -> None:
    printed = command("ask", "--json", ARMY)
    answer = loads(printed.output)
    assert set(answer) == {
        "question",
        "outcome",
        "confidence",
        "would_reply",
        "passages",
        "milliseconds",
    }
    assert answer["question"] == ARMY
    assert answer["outcome"] in ("answer", "closest", "none")
    assert 0 <= answer["confidence"] <= 1
    assert answer["would_reply"] is True
    assert answer["milliseconds"] > 0
    first = answer["passages"][0]
    assert set(first) == {
        "article",
        "title",
        "published",
        "paragraph",
        "of",
        "text",
        "excerpt",
        "highlight",
        "speaker",
        "score",
    }
    assert (first["article"], first["paragraph"], first["of"]) == ("000_ae21a01c4e6ca856", 3, 8)
    assert first["published"] == "2025-11-28"
    assert first["speaker"] == "regional governor of Tacna, Luis Ramón Torres"
    start, end = first["highlight"]
    assert first["text"][start:end] in first["excerpt"]
    assert first["excerpt"] in first["text"]
    assert first["text"] in (ROOT / "seeds" / "000_ae21a01c4e6ca856.txt").read_text("utf-8")


def test_piped_questions_get_one_answer_each(command: Command) -> None:
    printed = command("ask", "--json", input=f"{ARMY}\n\nWho is Kast?\n")
    assert [loads(line)["question"] for line in printed.output.splitlines()] == [
        ARMY,
        "Who is Kast?",
    ]


def test_a_group_has_higher_thresholds_and_only_gets_replies_to_questions(
    command: Command,
) -> None:
    printed = command("ask", "--json", "--in", "group", input="ok\nlol borders\n")
    answers = [loads(line) for line in printed.output.splitlines()]
    assert [answer["would_reply"] for answer in answers] == [False, False]
    assert all(answer["outcome"] != "closest" for answer in answers)


def test_explain_shows_the_steps_with_their_figures(command: Command) -> None:
    printed = command("ask", "--explain", "who is luis cordeiro")
    assert "cordeiro → cordero ×" in printed.output
    assert "confidence" in printed.output
    assert "outcome" in printed.output


def test_explain_leaves_json_readable(command: Command) -> None:
    printed = command("ask", "--explain", "--json", ARMY)
    assert loads(printed.output)["question"] == ARMY
    assert "outcome" in printed.errors


HOSTILE = {
    "empty": " ",
    "very long": "border " * 15_000,
    "emoji": "🇵🇪🇨🇱👩‍👩‍👧",
    "right to left": "من طلب مساعدة الجيش؟",
    "control characters": "who \x1b[31mblocked\x07 the \x00 road\x7f?",
    "SQL": "'; DROP TABLE passages; --",
    "full-text syntax": '"army" AND NOT (border* NEAR/3 : - ^ ?',
    "a lone quotation mark": '"',
    "percent and underscore": "%_%_%",
}


@pytest.mark.parametrize(
    "question", [pytest.param(text, id=name) for name, text in HOSTILE.items()]
)
def test_any_text_gets_a_normal_reply(command: Command, question: str) -> None:
    text = question.replace("\0", " ")
    printed = (
        command("ask", "--json", input=text + "\n")
        if len(text) > 9999
        else command("ask", "--json", text)
    )
    assert printed.exit_code == 0
    assert loads(printed.output)["question"].strip() == text.strip()


def test_terminal_commands_in_a_question_are_not_obeyed(command: Command) -> None:
    assert "\x1b" not in command("ask", HOSTILE["control characters"].replace("\0", "")).output


# What cannot be done is told in one line, with an exit code that means something.


@pytest.mark.parametrize(
    ("arguments", "exit_code", "line"),
    [
        pytest.param(
            ["ask", "--article", "nope", "x"], 2, "There is no article nope", id="article"
        ),
        pytest.param(
            ["ask", "--articles", "/nope", "x"], 2, "There is no folder /nope.", id="folder"
        ),
        pytest.param(["ask", "--in", "space", "x"], 2, "Invalid value for '--in'", id="place"),
        pytest.param(
            ["eval", "/nope.jsonl"], 2, "/nope.jsonl cannot be read", id="no question set"
        ),
        pytest.param(["dance"], 2, "No such command 'dance'", id="command"),
    ],
)
def test_bad_input_ends_with_2(
    command: Command, arguments: list[str], exit_code: int, line: str
) -> None:
    printed = command(*arguments)
    assert (printed.exit_code, printed.output) == (exit_code, "")
    assert line in printed.errors


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("PULLQUOTE_ENCODER", "maybe", "PULLQUOTE_ENCODER is neither"),
        ("PULLQUOTE_LOG", "xml", "PULLQUOTE_LOG is none of"),
        ("PULLQUOTE_LOG_LEVEL", "loud", "PULLQUOTE_LOG_LEVEL is none of debug, info, warning"),
        ("PULLQUOTE_METRICS", "localhost", "PULLQUOTE_METRICS takes a port"),
        ("PULLQUOTE_METRICS", "127.0.0.1:99999", "PULLQUOTE_METRICS takes a port"),
        ("PULLQUOTE_ADMIN_CHAT", "@olga", "PULLQUOTE_ADMIN_CHAT is no chat id"),
        ("PULLQUOTE_OPERATORS", "ana", "PULLQUOTE_OPERATORS takes user ids"),
        ("TELEGRAM_API_URL", "localhost", "TELEGRAM_API_URL does not start"),
        ("PULLQUOTE_ARTICLES", "/nope", "There is no folder /nope. Put one there"),
    ],
)
def test_a_wrong_setting_ends_with_3(
    command: Command, variable: str, value: str, line: str
) -> None:
    printed = command("ask", "x", **{variable: value})
    assert (printed.exit_code, printed.output) == (3, "")
    assert line in printed.errors
    assert len(printed.errors.splitlines()) == 1


def test_no_articles_at_all_says_where_to_put_one(command: Command, tmp_path: Path) -> None:
    printed = command("ask", "x", PULLQUOTE_ARTICLES=str(tmp_path))
    assert printed.exit_code == 3
    assert f"There are no articles in {tmp_path}. Put one there" in printed.errors


def test_a_file_that_is_no_article_is_named_and_the_others_served(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text(" date 2025-11-28 Good\n\nThe army came.")
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    printed = command("ask", "--articles", tmp_path, "did the army come?")
    assert printed.exit_code == 0
    assert printed.errors == f"pullquote: {tmp_path}/bad.txt: not UTF-8 text (byte 1)\n"
    assert "The army came." in printed.output


def test_another_folder_has_an_index_of_its_own(command: Command, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(" date 2025-11-28 Other\n\nSomething else.")
    command("index")
    own = Path(command.environment["PULLQUOTE_DATA"]) / "passages.db"
    before = own.read_bytes()
    printed = command("articles", "--articles", tmp_path)
    assert printed.output == "other\t2025-11-28\t1\tOther\n"
    assert own.read_bytes() == before


def test_without_a_token_run_talks_in_the_terminal(command: Command) -> None:
    printed = command("run", input=f"{ARMY}\n/quit\n")
    assert printed.exit_code == 0
    assert "regional governor of Tacna, Luis Ramón Torres" in printed.output
    assert "¶3 of 8" in printed.output
    assert "No TELEGRAM_BOT_TOKEN is set" in printed.errors


def test_run_without_a_token_or_anybody_to_talk_to_says_how_to_give_one(command: Command) -> None:
    printed = command("run")
    assert (printed.exit_code, printed.output) == (3, "")
    assert "TELEGRAM_BOT_TOKEN=… pullquote run" in printed.errors


def test_eval_prints_its_table(command: Command, tmp_path: Path) -> None:
    questions = ROOT / "tests" / "questions" / "seed.jsonl"
    printed = command("eval", questions)
    assert printed.exit_code == 0
    assert printed.output.splitlines()[1].split()[:2] == ["all", "16"]


def test_eval_prints_its_figures_for_programs(command: Command) -> None:
    figures = loads(command("eval", ROOT / "tests" / "questions" / "seed.jsonl", "--json").output)
    assert set(figures) == {"all", "kinds"}
    assert set(figures["all"]) == {
        "rows",
        "accuracy_at_1",
        "accuracy_at_3",
        "mrr",
        "answered_right",
        "answered_wrong",
        "false_answers",
        "group_replies",
        "group_precision",
        "ece",
        "p50_ms",
        "p99_ms",
    }
    assert figures["all"]["rows"] == 16
    assert figures["all"]["accuracy_at_1"] == 1.0


def test_index_and_articles_say_what_there_is(command: Command) -> None:
    assert "1 articles, 9 passages" in command("index").output
    assert command("articles").output.startswith("000_ae21a01c4e6ca856\t2025-11-28\t8\tIllegal")


def test_words_alone_are_enough(command: Command) -> None:
    printed = command("ask", "--json", ARMY, PULLQUOTE_ENCODER="off")
    assert loads(printed.output)["passages"][0]["paragraph"] == 3
