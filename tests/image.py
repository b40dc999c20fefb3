"""The image without an engine: the Dockerfile's steps run as written, and what they make tried out.

Each stage is a root folder of its own, in which this machine's system and Python stand in for the
base image. What comes out runs as compose.yaml has it run: as the image's user, without
capabilities, read-only but for /data and /tmp, and as the first process. Needs Linux and root.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.bot_api.driver import Telegram
from tests.bot_api.server import BotApi
from tests.chats.office import told
from tests.dockerfile import Step, is_ignored, stages

ROOT = Path(__file__).parents[1]
QUESTION = "Who asked for the army's help?"
ANSWER = "a formal request from the regional governor of Tacna"
STOPS_WITHIN = 10.0
"""Seconds from SIGTERM to the end."""
STARTS_WITHIN = 120.0

TAKEN = frozenset("RUN COPY ENV WORKDIR USER VOLUME CMD HEALTHCHECK LABEL STOPSIGNAL".split())
"""The steps that are known here."""

_PATH = f"{sys.base_prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PASSED_ON = ("PIP_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
"""How the variables begin that say where packages come from; steps see no others from here."""
_DEVICES = ("null", "zero", "random", "urandom")


@dataclass
class Image:
    """A root folder, and what is set for the processes in it."""

    root: Path
    env: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    folder: str = "/"
    user: str = "0:0"
    volumes: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)
    """The command of the health check."""

    def path(self, inside: str) -> Path:
        """Where a path within it stands outside."""
        return self.root / os.path.join(self.folder, inside).lstrip("/")


def examine_compose() -> None:
    """Hold compose.yaml to the Compose specification; ``ValueError`` says what breaks it."""
    from compose_spec import PyCompose  # noqa: PLC0415  which only this needs

    # As JSON, which is YAML too: with what is shared by both modes written out.
    PyCompose.from_yaml(json.dumps(_compose())).validate()


def _compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def build(work: Path) -> Image:
    """The image of the last stage, made in an empty folder."""
    made: dict[str, Image] = {}
    image = Image(work)
    for stage in stages((ROOT / "Dockerfile").read_text("utf-8")):
        made[stage.name] = image = Image(_base(work / stage.name))
        for step in stage.steps:
            print(f"{stage.name}: {step.name} {step.rest}", flush=True)
            _take(step, image, made)
    return image


def _take(step: Step, image: Image, made: dict[str, Image]) -> None:
    """Take one step."""
    words = step.words
    match step.name:
        case "RUN":
            passed_on = {
                name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)
            }
            shell = ["sh", "-c", f"cd {image.folder} && {step.rest}"]
            _run(["chroot", image.root, *shell], env=passed_on | image.env | {"HOME": "/root"})
        case "COPY":
            _copy(words, image, made[step.options["from"]] if "from" in step.options else None)
        case "ENV":
            image.env |= step.variables(image.env)
        case "WORKDIR":
            image.folder = os.path.join(image.folder, step.rest)
            image.path(".").mkdir(parents=True, exist_ok=True)
        case "USER":
            image.user = step.rest
        case "VOLUME":
            image.volumes += words
        case "CMD":
            image.command = words
        case "HEALTHCHECK":
            image.check = json.loads(step.rest.partition("CMD ")[2])
        case "LABEL" | "STOPSIGNAL":
            pass
        case name:
            raise ValueError(f"this script does not know how to take the step {name}")


def _copy(words: Sequence[str], image: Image, of: Image | None) -> None:
    """Copy files of the context, without those ignored, or of another stage."""
    *sources, place = words
    patterns = [] if of else (ROOT / ".dockerignore").read_text("utf-8").split()

    def ignored(folder: str, names: list[str]) -> list[str]:
        inside = os.path.relpath(folder, ROOT)
        return [name for name in names if is_ignored(f"{inside}/{name}", patterns)]

    for name in sources:
        source = of.path(name) if of else ROOT / name
        target = image.path(place)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _base(folder: Path) -> Path:
    """A root folder with a system and a Python, where what is written stays."""
    root = folder / "root"
    for name in ("dev", "proc", "root", "tmp", "usr", "etc", "var/tmp", "run", "opt"):
        (root / name).mkdir(parents=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)
    for name in ("bin", "sbin", "lib", "lib64"):
        if Path("/", name).is_symlink():
            (root / name).symlink_to(os.readlink(f"/{name}"))
    for name in ("usr", "etc"):
        _mount_over(Path("/", name), root / name, folder / name)
    for name in _DEVICES:
        (root / "dev" / name).touch()
        _run(["mount", "--bind", f"/dev/{name}", root / "dev" / name])
    # Which is often a link out of /etc.
    names = Path("/etc/resolv.conf").read_text("utf-8")
    (root / "etc/resolv.conf").unlink()
    (root / "etc/resolv.conf").write_text(names)
    python = Path(sys.base_prefix)
    if not python.is_relative_to("/usr"):
        (root / python.relative_to("/")).mkdir(parents=True)
        _run(["mount", "--bind", "-o", "ro", python, root / python.relative_to("/")])
    if not (python / "bin/python").exists():
        (root / "usr/local/bin/python").symlink_to(python / "bin/python3")
    return root


def _mount_over(below: Path, where: Path, written: Path) -> None:
    """Show a folder of this machine's there; what is written to it stands elsewhere."""
    upper, working = written / "upper", written / "working"
    for folder in (upper, working):
        folder.mkdir(parents=True)
    layers = f"lowerdir={below},upperdir={upper},workdir={working}"
    _run(["mount", "-t", "overlay", "overlay", "-o", layers, where])


def lock(image: Image) -> None:
    """Have nothing of it be written to any more but its volumes and /tmp."""
    _run(["mount", "--rbind", image.root, image.root])
    for name in ("", "usr", "etc"):
        _run(["mount", "-o", "remount,bind,ro", image.root / name])
    _empty(image, "/tmp", "mode=1777")


def _empty(image: Image, place: str, more: str) -> None:
    """Have an empty folder there that can be written to."""
    _run(["mount", "-t", "tmpfs", "-o", more, "tmpfs", image.path(place)])


def new_volumes(image: Image) -> None:
    """Have its volumes be empty, and of whoever they are of in the image."""
    for volume in image.volumes:
        of = image.path(volume).stat()
        _empty(image, volume, f"uid={of.st_uid},gid={of.st_gid},mode={of.st_mode & 0o777:o}")


@contextmanager
def started(
    image: Image, command: Sequence[str], *, network: bool = True, **env: str
) -> Iterator[subprocess.Popen[str]]:
    """A process that is the first in there, as the image's user and without capabilities."""
    uid, gid = image.user.split(":")
    apart = ["unshare", "--fork", "--pid", f"--mount-proc={image.root}/proc"]
    rights = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs"]
    rights += ["--inh-caps=-all", "--bounding-set=-all"]
    with subprocess.Popen(
        [*apart, *([] if network else ["--net"]), "chroot", image.root, *rights, *command],
        env=image.env | {"HOME": "/data"} | env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        except BaseException:
            if process.poll() is None:
                os.kill(_first(process), signal.SIGKILL)
                print(process.communicate()[0])
            raise


def ask(image: Image) -> None:
    """Put a question to the command as it stands, without token and network."""
    with started(image, image.command, network=False) as process:
        printed, _ = process.communicate(QUESTION + "\n", timeout=STARTS_WITHIN)
    assert process.returncode == 0, printed
    assert ANSWER in " ".join(printed.replace("│", " ").split()), printed
    print(f"asked “{QUESTION}”: it quotes the passage")


def stop(image: Image, mode: str) -> None:
    """Have the bot talk to a Bot API on this machine in one of the modes, and end it by SIGTERM."""
    with BotApi() as api:
        given = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "PULLQUOTE_WEBHOOK_URL": "https://news.example.org/bot",
            "PULLQUOTE_WEBHOOK_LISTEN": f"127.0.0.1:{_free_port()}",
        }
        env = {name: given.get(name, "") for name in _compose()["services"][mode]["environment"]}
        with started(image, image.command, TELEGRAM_API_URL=api.url, **env) as process:
            _until(lambda: api.polls or api.calls("setWebhook"), process)
            api.courier.leads_to = given["PULLQUOTE_WEBHOOK_LISTEN"]
            assert ANSWER in told(Telegram(api).private("Ana"), QUESTION).text
            with started(image, image.check) as check:
                assert check.wait(STARTS_WITHIN) == 0
            begun = time.monotonic()
            os.kill(_first(process), signal.SIGTERM)
            printed, _ = process.communicate(timeout=STOPS_WITHIN)
    assert process.returncode == 0, printed
    print(f"{mode}: answers, is healthy, and ended {time.monotonic() - begun:.1f} s after SIGTERM")


def cannot_write(image: Image) -> None:
    """Nothing but /data and /tmp takes a file of the user's."""
    places = ("/", "/etc", "/usr", "/opt/pullquote", "/seeds", "/var/tmp", "/data", "/tmp")
    touching = "; ".join(
        f"touch {place.rstrip('/')}/x 2>/dev/null && echo {place}" for place in places
    )
    with started(image, ["sh", "-c", touching]) as process:
        printed, _ = process.communicate()
    assert printed.split() == ["/data", "/tmp"], printed
    print("writes to /data and /tmp alone")


def _first(process: subprocess.Popen[str]) -> int:
    """The number that the first process in there has out here."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def _until(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "it never begins"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[object], env: dict[str, str] | None = None) -> None:
    subprocess.run([*map(str, command)], check=True, env=env, stdin=subprocess.DEVNULL)


def main() -> None:
    """Build it, and try it out."""
    if sys.platform != "linux" or os.geteuid():
        sys.exit("The image's steps are run in roots of their own: that needs Linux, and root.")
    if len(sys.argv) == 1:
        examine_compose()
        # What is mounted is seen in there alone, and is gone before the folder is removed.
        with TemporaryDirectory() as work:
            apart = ["unshare", "--mount", sys.executable, "-m", "tests.image", work]
            sys.exit(subprocess.call(apart))
    image = build(Path(sys.argv[1]))
    lock(image)
    new_volumes(image)
    cannot_write(image)
    ask(image)
    for mode in ("polling", "webhook"):
        new_volumes(image)
        stop(image, mode)


if __name__ == "__main__":
    main()
