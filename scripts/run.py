"""`make run`: checks, prepares, starts every process, keeps them alive, and leaves none behind.

Honours PORT, LISTEN, DATA_DIR, DATABASE_URL, REDIS_URL and whatever else docs/settings.md names.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import embedded_broker
import named_broker
from child_process import ChildProcess, die_with_parent

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
START_SECONDS = 180.0
MOST_EARLY_DEATHS = 4
GRACE_SECONDS = 6.0
PRESSED_SECONDS = 5.0
LOOK_SECONDS = 0.25
PRIVATE = ("logs", "run", "mail", "blobs", "spool", "scratch", "served", "secret_key", "taskworth.sqlite3*")
DEMO_SIGN_IN = "demo@taskworth.example, password “look around first”"


class Refused(Exception):
    """Why it cannot start or go on, in one sentence."""


class Stopped(Exception):
    """Somebody asked for the end."""


def data_folder() -> Path:
    """DATA_DIR, made and tried."""
    path = Path(os.environ.get("DATA_DIR") or ROOT / "data").expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
        if not any(path.iterdir()):
            path.chmod(0o700)
        for name in ("logs", "run"):
            (path / name).mkdir(exist_ok=True)
        shut_to_others(path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise Refused(f"DATA_DIR {path} cannot be written ({reason}): name a folder you may write to.") from error
    return path


def shut_to_others(data_dir: Path) -> None:
    """Take from others what an earlier start may have left them to read; a folder of yours stays as you made it."""
    for pattern in PRIVATE:
        for path in data_dir.glob(pattern):
            with contextlib.suppress(OSError):
                path.chmod(path.stat().st_mode & ~0o077)


def lock(data_dir: Path) -> IO[str]:
    """Held as long as this process lives: two runners on one folder would fight over it."""
    path = data_dir / "run/lock"
    held = path.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Refused(f"Taskworth already runs with DATA_DIR {data_dir}: stop it, or name another DATA_DIR.") from None
    return held


def address() -> tuple[str, int]:
    """Where to listen; refused when the port is not free."""
    host, word = os.environ.get("LISTEN") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not (word.isascii() and word.isdecimal()) or not 0 < int(word) < 65536:
        raise Refused(f"PORT is “{word}”: write a number between 1 and 65535.")
    port = int(word)
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Refused(_port_problem(host, port, error)) from None
    return host, port


def _port_problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what uses it, or choose another, for example PORT={port + 1} make run."
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another with PORT and LISTEN."


def prepare(environment: dict[str, str]) -> None:
    """Migrate, and load the demo at the first start."""
    command = [sys.executable, "-m", "scripts.prepare"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Refused(said[-1] if said else "The database could not be prepared.")


def children(data_dir: Path, environment: dict[str, str], listen: tuple[str, int]) -> list[ChildProcess]:
    """The web server, the worker where there is a broker, the dispatcher, the supervisor of served models."""
    workers = str(max(2, os.cpu_count() or 2))
    host = f"[{listen[0]}]" if ":" in listen[0] else listen[0]
    web = [
        str(PROGRAMS / "gunicorn"), "config.wsgi:application", "--bind", f"{host}:{listen[1]}", "--worker-class",
        "gthread", "--workers", "2", "--threads", "4", "--timeout", "120", "--graceful-timeout", "4",
        "--no-control-socket", "--preload", "--log-level", "warning",
    ]  # fmt: skip
    worker = [
        str(PROGRAMS / "celery"), "-A", "config.celery", "worker", "--pool", "prefork", "--concurrency", workers,
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING",
    ]  # fmt: skip
    dispatcher = [sys.executable, "manage.py", "dispatch"]
    models = [sys.executable, "manage.py", "serve_models"]
    commands = {"web server": web, "worker": worker, "dispatcher": dispatcher, "model server": models}
    if not (environment.get("REDIS_URL") or environment.get("REDIS_URL_FILE")):
        del commands["worker"]
    return [_child(name, command, environment, data_dir) for name, command in commands.items()]


def _child(name: str, command: list[str], environment: dict[str, str], data_dir: Path) -> ChildProcess:
    log = data_dir / "logs" / f"{name.replace(' ', '-')}.log"
    return ChildProcess(name=name, command=command, environment=environment, log=log, root=ROOT)


def answers(listen: tuple[str, int]) -> bool:
    """Whether the web server answers; what it thinks of our host name does not matter."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(listen[0], listen[0])  # noqa: S104
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{listen[1]}/health/", timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def keep_alive(processes: list[ChildProcess], listen: tuple[str, int], welcome: str) -> None:
    """Until somebody asks for the end. Says so once the web server answers; gives up when it never does.

    What works in the background starts once pages are served: beside it, the first page came seconds later.
    """
    deadline, ready = time.monotonic() + START_SECONDS, False
    while True:
        now = time.monotonic()
        for process in processes if ready else [one for one in processes if one.begun]:
            news = process.look(now)
            if news:
                print(news, flush=True)
            if not ready and process.deaths >= MOST_EARLY_DEATHS:
                raise Refused(f"The {process.name} does not start. The end of {process.log}:\n{process.tail()}")
        if not ready and answers(listen):
            ready = True
            print(welcome, flush=True)
        if not ready and now > deadline:
            raise Refused(f"The web server does not answer after {START_SECONDS:g} s. Its log: {processes[0].log}")
        time.sleep(LOOK_SECONDS)


def stop(processes: list[ChildProcess], broker: ChildProcess | None) -> None:
    """End all of them: first asked, then pressed to hand back what is running, then killed; the broker last."""
    for process in processes:
        process.ask_to_end()
    if not _gone(processes, GRACE_SECONDS):
        for process in processes:
            process.press_to_end()
        _gone(processes, PRESSED_SECONDS)
    for process in processes:
        process.end()
    if broker is not None:
        broker.ask_to_end()
        _gone([broker], PRESSED_SECONDS)
        broker.end()


def _gone(processes: list[ChildProcess], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(process.alive for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def welcome(data_dir: Path, listen: tuple[str, int], environment: dict[str, str], broker: str) -> str:
    """What a newcomer needs to know."""
    demo = environment.get("DEMO", "1").strip().lower() not in {"0", "false", "no", "off"}
    lines = [
        f"Taskworth is ready:  {environment.get('PUBLIC_URL') or f'http://{_shown(listen[0])}:{listen[1]}'}/",
        f"  Demo sign-in       {DEMO_SIGN_IN}" if demo else "",
        f"  Data lies in       {data_dir}",
        f"  Logs               {data_dir / 'logs'}",
        f"  Queue              {broker}",
        "  Stop               Ctrl-C",
    ]
    return "\n".join(line for line in lines if line)


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104


@contextlib.contextmanager
def signals_stop() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP ask for the end; asked twice, it is quick."""

    def handle(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handle)
    yield


def started_broker(data_dir: Path, environment: dict[str, str]) -> tuple[ChildProcess | None, str]:
    """Start a broker of our own unless REDIS_URL names one; its address goes into `environment`. Says which it is."""
    if environment.get("REDIS_URL") or environment.get("REDIS_URL_FILE"):
        problem = named_broker.problem(named_broker.address(environment))
        return None, problem or "the broker of REDIS_URL"
    chosen = embedded_broker.choose(data_dir)
    if chosen is None:
        return None, "none: the dispatcher runs the work itself, two stages at a time"
    environment["REDIS_URL"] = chosen.url
    broker = _child("broker", chosen.command, environment, data_dir)
    broker.start()
    return broker, f"{Path(chosen.program).name} on {chosen.socket}"


def main() -> str | None:
    """Run until the end; a sentence when it was refused."""
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)  # make was killed: nobody is left to stop us
    os.umask(0o077)  # what is written below DATA_DIR is for who runs it, and for nobody else
    processes: list[ChildProcess] = []
    broker: ChildProcess | None = None
    try:
        with signals_stop():
            data_dir = data_folder()
            environment = {**os.environ, "DATA_DIR": str(data_dir), "CELERY_SKIP_CHECKS": "1"}
            held, listen = lock(data_dir), address()
            broker, which = started_broker(data_dir, environment)
            processes = children(data_dir, environment, listen)
            processes[0].start()  # the web server loads while the database is made ready
            prepare(environment)
            watched = [*processes, broker] if broker else processes
            keep_alive(watched, listen, welcome(data_dir, listen, environment, which))
            held.close()
    except Refused as refusal:
        return str(refusal)
    except Stopped:
        print("\nStopping; work that is running is handed back.", flush=True)
    finally:
        stop(processes, broker)
    return None


if __name__ == "__main__":
    sys.exit(main())
