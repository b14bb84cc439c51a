"""What an unknown terminal may do to the Wyoming server: nothing that another one notices."""

from __future__ import annotations

import asyncio
import json
import logging
import socket

import pytest
from wyoming.event import Event
from wyoming_peer import LOUD, WAIT_S, Hall, Measuring, failure, in_hall, record, running

from channels.wyoming_server import serve_wyoming
from channels.wyoming_terminal import MOST_CLIENTS
from speech.audio import to_pcm16
from speech.engines.scripted import Scripted
from speech.engines.tone import Tone


async def serve(uri: str) -> None:
    await serve_wyoming(uri, Scripted([]), Tone(), mend=str, read=lambda text: [text], stop=asyncio.Event())


JUNK = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x00\xff\xfe" * 1_000 + b"\n",
    b"[" * 60_000 + b"\n",
    b"[1, 2]\n",
    b"5\n",
    b'{"no": "type"}\n',
    b'{"type": ["synthesize"]}\n',
    b'{"type": "synthesize", "data": 5}\n',
    b'{"type": "ping", "data_length": "many"}\n',
    b'{"type": "ping", "data_length": 3}\n[1]',
    b'{"type": "audio-chunk", "payload_length": 99999999999}\n',
    b'{"type": "audio-chunk", "payload_length": 1000}\nfew',
    b"x" * 200_000,
]


@pytest.mark.parametrize("junk", JUNK)
def test_junk_ends_its_own_connection_and_harms_nobody(junk: bytes, caplog: pytest.LogCaptureFixture):
    async def do(hall: Hall) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
        writer.write(junk)
        writer.write_eof()
        try:
            while line := await asyncio.wait_for(reader.readline(), WAIT_S):
                if line.startswith(b"{") and "type" in json.loads(line):
                    assert json.loads(line)["type"] == "error"
        except OSError:
            pass  # hung up on
        writer.close()
        assert await hall.transcript() == "居住证怎么办理"

    in_hall(do)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_client_that_leaves_while_it_is_listened_to_harms_nobody(caplog: pytest.LogCaptureFixture):
    engine = Measuring()

    async def do(hall: Hall) -> None:
        engine.go.clear()
        async with hall.client() as client:
            await record(client, to_pcm16(LOUD))
            await asyncio.sleep(0.1)
        engine.go.set()
        assert await hall.transcript() == "1.0"

    in_hall(do, engine)
    assert caplog.records == []


def test_more_clients_than_there_is_room_for_are_sent_away():
    async def do(hall: Hall) -> None:
        clients = [hall.client() for _ in range(MOST_CLIENTS)]
        for client in clients:
            await client.connect()
            await client.write_event(Event("ping", {"text": "1"}))
            assert await client.read_event()
        async with hall.client() as late:
            assert await failure(late) == "too_many_conversations"
        for client in clients:
            await client.disconnect()
        await asyncio.sleep(0.05)
        assert await hall.transcript() == "居住证怎么办理"

    in_hall(do)


def test_the_server_ends_while_clients_are_connected_and_work_is_under_way():
    engine = Measuring()

    async def do() -> None:
        async with running(engine) as hall:
            engine.go.clear()
            client = hall.client()
            await client.connect()
            await record(client, to_pcm16(LOUD))
            await asyncio.sleep(0.1)
        assert await client.read_event() is None
        await client.disconnect()
        engine.go.set()

    asyncio.run(do())


@pytest.mark.parametrize("uri", ["stdio://", "127.0.0.1:10300", "tcp://127.0.0.1"])
def test_an_address_that_cannot_be_served_is_refused(uri: str):
    with pytest.raises(ValueError, match="tcp"):
        asyncio.run(serve(uri))


def test_a_port_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        uri = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(OSError, match="address already in use"):
            asyncio.run(serve(uri))
