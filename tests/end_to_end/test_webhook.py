"""The webhook: Telegram posts updates through a proxy, and nothing is lost on the way."""

import json
import signal
import socket
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Error
from tests.bot_api.people import Reader
from tests.bot_api.process import BotProcess
from tests.bot_api.server import PATIENCE
from tests.chats.office import told
from tests.end_to_end.newsroom import PARAGRAPHS, locked, logged, quotation

BLOCKED = "Who blocked the Panamericana Sur?"
FIFTH = PARAGRAPHS[4]
"""What answers it."""
URL = "https://news.example.org/bot/telegram"
PATH = "/bot/telegram"
GIVEN = "A-secret_of_Telegrams"
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Hooked:
    """The bot behind a proxy that hands posts on to where it listens, and what can call it."""

    def __init__(self, bot: BotProcess, listen: str) -> None:
        self.bot = bot
        self.api = bot.api
        self.listen = listen
        bot.settings |= {
            "PULLQUOTE_WEBHOOK_URL": URL,
            "PULLQUOTE_WEBHOOK_LISTEN": listen,
            "PULLQUOTE_WEBHOOK_SECRET": GIVEN,
        }
        self.api.courier.leads_to = listen

    def start(self) -> None:
        """Start the bot and return once it is ready."""
        self.bot.start()
        self.is_soon(200, "/readyz")

    def polls(self) -> None:
        """The operator takes the webhook out of the settings."""
        del self.bot.settings["PULLQUOTE_WEBHOOK_URL"]

    def call(self, method: str, path: str, content: bytes = b"", secret: str = "") -> int:
        """The status of one request."""
        is_file = self.listen.startswith("unix:")
        transport = httpx.HTTPTransport(uds=self.listen[5:] if is_file else None)
        with httpx.Client(transport=transport, timeout=PATIENCE) as client:
            return client.request(
                method,
                f"http://{'localhost' if is_file else self.listen}{path}",
                content=content,
                headers={SECRET: secret} if secret else {},
            ).status_code

    def post(self, update: object, secret: str = GIVEN) -> int:
        """The status of a post to the webhook."""
        content = update if isinstance(update, bytes) else json.dumps(update).encode()
        return self.call("POST", PATH, content, secret)

    def is_soon(self, status: int, path: str) -> None:
        """Return once this is the status there."""
        deadline = time.monotonic() + PATIENCE
        while self._status(path) != status:
            assert time.monotonic() < deadline, f"{path} is never {status}:\n{self.bot.printed}"
            time.sleep(0.02)

    def stored(self) -> list[int]:
        """The ids of all updates in the inbox."""
        with closing(sqlite3.connect(self.bot.data / "state.db")) as state:
            return [row[0] for row in state.execute("SELECT update_id FROM inbox ORDER BY 1")]

    def _status(self, path: str) -> int | None:
        try:
            return self.call("GET", path)
        except httpx.TransportError:
            return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def hooked(pullquote: BotProcess) -> Hooked:
    """The bot on a port, not started yet."""
    return Hooked(pullquote, f"127.0.0.1:{free_port()}")


@pytest.fixture
def in_file(pullquote: BotProcess, tmp_path: Path) -> Hooked:
    """The bot on a unix socket, not started yet."""
    return Hooked(pullquote, f"unix:{tmp_path / 'socket'}")


@pytest.fixture
def ana(telegram: Telegram) -> Reader:
    """A reader."""
    return telegram.private("Ana")


class TestReader:
    """What a reader notices: nothing."""

    @pytest.mark.parametrize("place", ["hooked", "in_file"])
    def test_is_answered(self, place: str, request: pytest.FixtureRequest, ana: Reader) -> None:
        """On a port and on a unix socket."""
        bot: Hooked = request.getfixturevalue(place)
        bot.start()
        assert quotation(told(ana, BLOCKED)) == FIFTH
        assert bot.api.polls == 0
        [call] = bot.api.calls("setWebhook")
        assert call["url"] == URL
        assert call["secret_token"] == GIVEN
        assert call["drop_pending_updates"] is False
        assert "inline_query" in call["allowed_updates"]
        bot.bot.stop()
        assert bot.api.state.updates.webhook["url"] == URL
        assert "The webhook stays registered" in bot.bot.printed
        assert GIVEN not in bot.bot.printed

    def test_is_answered_after_a_power_cut(self, hooked: Hooked, ana: Reader) -> None:
        """Taken in with 200, killed before the answer: the next start gives it, once."""
        hooked.start()
        sending = hooked.api.hold_next("sendMessage")
        question = ana.says(BLOCKED)
        sending.wait()
        hooked.api.wait_until(lambda: not hooked.api.state.updates.pending, "it is taken in")
        hooked.bot.kill()
        sending.release()
        hooked.start()
        assert ana.hears().reply_to == question.id
        assert "/articles" in told(ana, "/help").text
        assert [status for _, status in hooked.api.courier.posted] == [200, 200]

    def test_is_answered_once_though_it_is_posted_twice(self, hooked: Hooked, ana: Reader) -> None:
        """Telegram may not have got the 200."""
        hooked.start()
        hooked.api.courier.leads_to = ""
        ana.says(BLOCKED)
        [update] = hooked.api.state.updates.pending.values()
        assert [hooked.post(update) for _ in range(3)] == [200, 200, 200]
        assert quotation(ana.hears()) == FIFTH
        assert hooked.post(update) == 200
        hooked.api.courier.leads_to = hooked.listen
        assert "/articles" in told(ana, "/help").text

    def test_waits_while_the_bot_is_away(self, hooked: Hooked, ana: Reader) -> None:
        """What was asked meanwhile is posted when it is back."""
        hooked.start()
        hooked.bot.stop()
        question = ana.says(BLOCKED)
        hooked.api.wait_until(lambda: hooked.api.courier.posted, "Telegram tries")
        hooked.start()
        assert ana.hears().reply_to == question.id

    def test_waits_while_nothing_can_be_stored(self, hooked: Hooked, ana: Reader) -> None:
        """The post is answered with 503, the log says it once, and Telegram comes again."""
        hooked.start()
        with locked(hooked.bot):
            assert hooked.call("GET", "/readyz") == 503
            assert hooked.call("GET", "/healthz") == 200
            question = ana.says(BLOCKED)
            hooked.api.wait_until(
                lambda: (700_000_001, 503) in hooked.api.courier.posted, "it is put off"
            )
        assert ana.hears().reply_to == question.id
        assert hooked.bot.printed.count("Updates cannot be stored (database is locked)") == 1
        assert "Updates can be stored again." in hooked.bot.printed
        hooked.is_soon(200, "/readyz")


class TestSwitch:
    """From polling to the webhook, and back."""

    def test_loses_nothing(self, hooked: Hooked, ana: Reader) -> None:
        """What is asked between the two, or waits from before, is answered once by the next."""
        bot, questions = hooked.bot, []
        hooked.polls()
        bot.start()
        assert "/articles" in told(ana, "/help").text
        for way in (URL, "", URL, ""):
            bot.stop()
            questions.append(ana.says(BLOCKED).id)
            bot.settings["PULLQUOTE_WEBHOOK_URL"] = way
            bot.start()
            assert ana.hears().reply_to == questions[-1]
            assert hooked.api.state.updates.webhook.get("url", "") == way
        assert "/articles" in told(ana, "/help").text
        assert all(
            call == {"drop_pending_updates": False} for call in hooked.api.calls("deleteWebhook")
        )

    def test_of_the_address_is_told_to_telegram(self, hooked: Hooked, ana: Reader) -> None:
        """And the new one answers."""
        hooked.start()
        hooked.bot.stop()
        elsewhere = URL.replace("news", "new")
        hooked.bot.settings["PULLQUOTE_WEBHOOK_URL"] = elsewhere
        hooked.start()
        assert hooked.api.state.updates.webhook["url"] == elsewhere
        assert quotation(told(ana, BLOCKED)) == FIFTH

    def test_to_an_address_that_telegram_does_not_take_ends_the_bot(self, hooked: Hooked) -> None:
        """One line, and code 4."""
        hooked.api.fail_next("setWebhook", Error(status=400))
        hooked.bot.launch()
        assert hooked.bot.exit_code() == 4
        assert "Telegram does not take PULLQUOTE_WEBHOOK_URL (Error)." in hooked.bot.printed
        assert "Traceback" not in hooked.bot.printed


class TestStranger:
    """Posts that are not Telegram's."""

    @pytest.mark.parametrize("secret", ["", GIVEN[:-1], GIVEN.lower(), f"{GIVEN},{GIVEN}"])
    def test_is_refused_without_the_secret(self, hooked: Hooked, ana: Reader, secret: str) -> None:
        """Nothing of what was posted is stored or logged."""
        hooked.start()
        forged = {
            "update_id": 1,
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": ana.user["id"], "type": "private"},
                "from": ana.user,
                "text": "forged words",
            },
        }
        assert hooked.post(forged, secret) == 403
        assert hooked.stored() == []
        assert "/articles" in told(ana, "/help").text
        hooked.bot.stop()
        assert "forged words" not in hooked.bot.printed
        assert not any(
            b"forged words" in file.read_bytes()
            for file in hooked.bot.data.rglob("*")
            if file.is_file()
        )

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            pytest.param(f"{SECRET}: wrong\r\nContent-Length: 9", b"403", id="forged"),
            pytest.param(f"{SECRET}: {GIVEN}\r\nContent-Length: 1048577", b"413", id="too large"),
        ],
    )
    def test_is_refused_before_the_body_is_read(
        self, hooked: Hooked, headers: str, status: bytes
    ) -> None:
        """The answer comes though not a byte of it has been sent, and the connection ends."""
        hooked.start()
        host, port = hooked.listen.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as caller:
            caller.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode())
            answer = caller.makefile("rb").read()
        assert answer.split()[1] == status

    def test_is_cut_off_where_a_body_of_unknown_length_goes_on(self, hooked: Hooked) -> None:
        """More than 1 MB is 413 also in chunks."""
        hooked.start()
        host, port = hooked.listen.split(":")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as caller:
            caller.sendall(
                f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET}: {GIVEN}\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
            caller.sendall(chunk * 16 + b"1\r\nx\r\n")
            assert caller.makefile("rb").readline().split()[1] == b"413"

    @pytest.mark.parametrize(
        "body", [b"", b"not JSON", b"[1]", b'{"message": {}}', b'{"update_id": "7"}', b"[" * 10**5]
    )
    def test_that_knows_the_secret_is_not_heard_for_ever(self, hooked: Hooked, body: bytes) -> None:
        """What is no update may come whole the next time: the third time it is dropped."""
        hooked.start()
        assert [hooked.post(body) for _ in range(3)] == [400, 400, 200]
        assert f"A post of {len(body)} bytes was dropped" in hooked.bot.printed
        assert "Traceback" not in hooked.bot.printed

    def test_that_the_library_cannot_read_is_set_aside_at_once(
        self, hooked: Hooked, ana: Reader
    ) -> None:
        """As where the bot polls."""
        hooked.start()
        assert hooked.post({"update_id": 5, "message": {"date": "soon"}}) == 200
        assert "set aside, unreadable" in hooked.bot.printed
        assert "/articles" in told(ana, "/help").text


class TestServer:
    """What else is on the same address."""

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/healthz", 200),
            ("HEAD", "/healthz", 200),
            ("GET", "/readyz", 200),
            ("POST", "/readyz", 405),
            ("GET", PATH, 405),
            ("POST", "/", 404),
            ("POST", PATH + "/", 404),
        ],
    )
    def test_answers(self, hooked: Hooked, method: str, path: str, status: int) -> None:
        """Health and readiness to anybody, posts to Telegram, and nothing else."""
        hooked.start()
        assert hooked.call(method, path, secret=GIVEN) == status

    def test_lives_before_it_is_ready(self, hooked: Hooked, ana: Reader) -> None:
        """While Telegram cannot be reached nothing is taken in, and nothing lost."""
        registering = hooked.api.hold_next("setWebhook")
        hooked.bot.launch()
        registering.wait()
        assert hooked.call("GET", "/healthz") == 200
        assert hooked.call("GET", "/readyz") == 503
        registering.release()
        hooked.is_soon(200, "/readyz")
        assert quotation(told(ana, BLOCKED)) == FIFTH

    def test_finishes_a_post_that_is_arriving(self, hooked: Hooked, ana: Reader) -> None:
        """The rest of it may come after SIGTERM; the question is answered by this or the next."""
        hooked.start()
        hooked.api.courier.leads_to = ""
        question = ana.says(BLOCKED)
        body = json.dumps(next(iter(hooked.api.state.updates.pending.values()))).encode()
        host, port = hooked.listen.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as caller:
            caller.sendall(
                f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET}: {GIVEN}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body[:20]
            )
            hooked.is_soon(200, "/healthz")  # so the headers above have been read
            hooked.bot.send(signal.SIGTERM)
            logged(hooked.bot, "Stopping")
            caller.sendall(body[20:])
            assert caller.makefile("rb").readline().split()[1] == b"200"
        assert hooked.bot.exit_code(10) == 0
        hooked.polls()
        hooked.bot.start()
        assert ana.hears().reply_to == question.id

    def test_is_alive_to_the_doctor(self, hooked: Hooked) -> None:
        """The heartbeat is there though nobody asks anything."""
        hooked.start()
        hooked.bot.stop()
        assert (hooked.bot.data / "heartbeat").exists()

    def test_has_its_port_to_itself(self, hooked: Hooked) -> None:
        """Where another program listens there, one line says what to set."""
        host, port = hooked.listen.split(":")
        with socket.create_server((host, int(port))):
            hooked.bot.launch()
            assert hooked.bot.exit_code() == 3
        assert hooked.bot.printed.splitlines()[-1] == (
            "pullquote: PULLQUOTE_WEBHOOK_LISTEN: it is not possible to listen on "
            f"{hooked.listen} (Address already in use)."
        )


class TestUnixSocket:
    """The file that a proxy connects to."""

    @pytest.fixture
    def file(self, in_file: Hooked) -> Path:
        """The socket."""
        return Path(in_file.listen.removeprefix("unix:"))

    def test_is_open_to_the_group_and_goes_at_the_end(self, in_file: Hooked, file: Path) -> None:
        """The proxy's user is in the group; nobody else gets in."""
        in_file.start()
        assert stat.S_IMODE(file.stat().st_mode) == 0o660
        in_file.bot.stop()
        assert not file.exists()

    def test_left_behind_is_cleaned_up(self, in_file: Hooked, file: Path, ana: Reader) -> None:
        """After a power cut the next start takes its place."""
        in_file.start()
        in_file.bot.kill()
        assert file.is_socket()
        in_file.start()
        assert quotation(told(ana, BLOCKED)) == FIFTH

    def test_that_somebody_listens_on_is_left_alone(self, in_file: Hooked, file: Path) -> None:
        """Else two bots would take turns."""
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(file))
            other.listen()
            in_file.bot.launch()
            assert in_file.bot.exit_code() == 3
            assert file.is_socket()
        assert "(another program listens there)." in in_file.bot.printed

    def test_does_not_take_the_place_of_a_file(self, in_file: Hooked, file: Path) -> None:
        """Whatever it is, it was not made by the bot."""
        file.write_text("precious")
        in_file.bot.launch()
        assert in_file.bot.exit_code() == 3
        assert file.read_text() == "precious"


class TestSecret:
    """PULLQUOTE_WEBHOOK_SECRET."""

    def test_is_made_once_where_none_is_set(self, hooked: Hooked, ana: Reader) -> None:
        """Only the bot's user can read it, and the log does not say it."""
        del hooked.bot.settings["PULLQUOTE_WEBHOOK_SECRET"]
        hooked.start()
        assert quotation(told(ana, BLOCKED)) == FIFTH
        file = hooked.bot.data / "webhook-secret"
        secret = file.read_text()
        assert len(secret) >= 43
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        hooked.bot.stop()
        hooked.start()
        assert [call["secret_token"] for call in hooked.api.calls("setWebhook")] == [secret] * 2
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret not in hooked.bot.printed
        assert hooked.post({"update_id": 1}) == 403
