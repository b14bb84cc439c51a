"""`xiaoxin serve`: starts everything."""

from __future__ import annotations

import argparse
import logging
import socket
from typing import Any

from channels.cli_output import BadInput, fill_if_empty
from channels.memory import share_memory_pools
from channels.settings import Settings
from channels.staff_links import first_start_link
from channels.wiring import build

VOICE_FRAME_BYTES = 2**20
"""Largest frame of a voice socket; a longer one closes it with 1009."""


def add_commands(commands: Any) -> None:
    serve = commands.add_parser("serve", help="start the server; an empty data folder gets the bundled handbook")
    serve.add_argument("--host")
    serve.add_argument("--port", type=_port)
    serve.set_defaults(run=run_serve)


def run_serve(arguments: argparse.Namespace, settings: Settings) -> int:
    import uvicorn

    from channels.app import create_app
    from channels.server import HallServer

    given = {name: getattr(arguments, name) for name in ("host", "port") if getattr(arguments, name) is not None}
    settings = settings.model_copy(update=given)
    _check_free(settings.host, settings.port)
    share_memory_pools()
    fill_if_empty(settings)
    product = build(settings)  # built here, so that what is wrong is told as one sentence
    app = create_app(settings, product)
    logging.getLogger("channels").info("http://%s:%d/kiosk", settings.host, settings.port)
    link = first_start_link(settings, product.knowledge.engine)
    if link:
        print(f"No account yet. Set up the desk once, within a day: {link}", flush=True)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=VOICE_FRAME_BYTES,
    )
    HallServer(config, app.state.stage.close).run()
    return 0


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BadInput(f"{host}:{port} cannot be listened on: {reason}") from error


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65535:
        raise argparse.ArgumentTypeError(f"{given!r} is no port between 0 and 65535")
    return int(given)
