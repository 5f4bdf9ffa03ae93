"""A PostgreSQL server of its own for the tests that load into one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.local_server import free_port

_FOUND = shutil.which("initdb") or next(
    map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
)

needs_postgresql = pytest.mark.skipif(_FOUND is None, reason="needs a PostgreSQL server")


@dataclass(frozen=True)
class Server:
    """A running server that trusts every login from this machine."""

    port: int

    def uri(self, login: str = "loader") -> str:
        return f"postgresql://{login}@127.0.0.1:{self.port}/zengshou"

    def connect(self, login: str = "loader") -> psycopg.Connection:
        return psycopg.connect(self.uri(login), autocommit=True)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server with a database and the login ``loader``, which is no superuser; end it."""
    with TemporaryDirectory(prefix="zs-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
        data, port = folder / "data", free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            with psycopg.connect(
                f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True
            ) as connection:
                connection.execute("create role loader login createrole")
                connection.execute("create database zengshou owner loader")
            yield Server(port)
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(program: str, *arguments: str | Path) -> None:
    command = [str(Path(_FOUND or "").with_name(program)), *map(str, arguments)]
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, user=user)
