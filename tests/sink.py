"""A real SMTP server on this machine that keeps every message it accepts, and can be told to refuse or to dawdle."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """What arrived, in order, and what to answer."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.answer_recipient = "250 OK"
        self.answer_data = "250 Kept"
        # Seconds between keeping a message and saying so; between hearing a recipient and answering.
        self.dawdle_data = 0.0
        self.dawdle_recipient = 0.0
        self.port = 0

    def ids(self) -> list[str]:
        """The Message-IDs that arrived, doubles included."""
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        await asyncio.sleep(self.dawdle_recipient)
        if self.answer_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_data.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content))
        await asyncio.sleep(self.dawdle_data)
        return self.answer_data


@contextmanager
def listening() -> Iterator[Sink]:
    """A sink that answers on a free port until the end of the block."""
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
