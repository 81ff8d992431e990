"""Serve the site and run the background worker until TERM or Ctrl-C."""

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from screening import installation, logs
from screening.supervisor import Service, Supervisor

PORT_IS_TAKEN = 2  # exit status
THREADS = 4


class Command(BaseCommand):
    help = "Serve the site and run the background worker, both under one supervisor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument(
            "--workers",
            type=int,
            default=max(1, min(os.cpu_count() or 1, 4)),
            help=f"web processes with {THREADS} threads each (default: %(default)s)",
        )
        parser.add_argument("--no-worker", action="store_true", help="no background worker: another machine runs it")
        parser.add_argument("--prepare", choices=("demo", "empty"), help="run `prepare` with this option before")

    def handle(
        self, *, host: str, port: int, workers: int, no_worker: bool, prepare: str | None, **options: Any
    ) -> None:
        if prepare:
            call_command("prepare", f"--{prepare}", stdout=self.stdout, stderr=self.stderr)
            connections.close_all()
        installation.make_directories(settings.SCREENING_DATA)
        logs.rotate(settings.SCREENING_DATA / "logs" / "screening.log")
        listener = listen(host, port)
        services = [Service("web", web_command(listener.fileno(), workers), pass_fds=(listener.fileno(),))]
        if not no_worker:
            services.append(Service("worker", worker_command()))
        shown_host = f"[{host}]" if ":" in host else host
        self.stdout.write(f"Serving on http://{shown_host}:{listener.getsockname()[1]}/ - Ctrl-C stops it.")
        self.stdout.flush()
        Supervisor(services).run()
        listener.close()
        self.stdout.write("Stopped.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. It belongs to the supervisor, so that while a web process is
    started again browsers wait instead of being refused."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(256)
    except OSError as error:
        msg = f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port."
        raise CommandError(msg, returncode=PORT_IS_TAKEN) from error
    return listener


def web_command(descriptor: int, workers: int) -> list[str]:
    command = [
        *(sys.executable, "-m", "gunicorn", "screening.wsgi:application"),
        *("--bind", f"fd://{descriptor}"),
        *("--chdir", str(settings.BASE_DIR)),
        *("--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(THREADS)),
        *("--timeout", "60", "--graceful-timeout", "10"),
        *("--log-level", "warning"),
        "--no-control-socket",
    ]
    # The heartbeat file of a worker must not lie on a slow disk.
    if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK):  # noqa: S108
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return command


def worker_command() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_worker"]
