"""A real SMTP server on this machine that keeps every message it accepts, and can be told to refuse, to dawdle, to fall silent or to hang up."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# Where a conversation can break off: before the greeting, at each command, in the middle of the
# message, and after the message was kept but before that is said.
STAGES = ("connect", "MAIL", "RCPT", "half", "answer")


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
        # The stage at which conversations break off, and how: "drop" or "silence".
        self.stop_at = ""
        self.stop_how = "drop"

    def ids(self) -> list[str]:
        """The Message-IDs that arrived, doubles included."""
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def reached(self, server: SMTP, stage: str) -> None:
        """Break the conversation off here, if this is where it breaks off."""
        if stage != self.stop_at:
            return
        assert server.transport is not None
        try:
            while self.stop_how == "silence" and not server.transport.is_closing():
                await asyncio.sleep(0.02)
        finally:
            server.transport.abort()
        raise asyncio.CancelledError

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        await self.reached(server, "MAIL")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        await self.reached(server, "RCPT")
        await asyncio.sleep(self.dawdle_recipient)
        if self.answer_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_data.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content))
        await self.reached(server, "answer")
        await asyncio.sleep(self.dawdle_data)
        return self.answer_data


class Conversation(SMTP):
    """One connection, which may break off where a handler of the library has no say."""

    async def _handle_client(self) -> None:
        await self.event_handler.reached(self, "connect")
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.stop_at == "half":
            await self.push("354 Go on")
            await self._reader.readuntil(b"\r\n")
            await self.event_handler.reached(self, "half")
        await super().smtp_DATA(arg)


class Server(Controller):
    """The library's server with conversations of our own."""

    def factory(self) -> Conversation:
        return Conversation(self.handler, **self.SMTP_kwargs)


@contextmanager
def listening() -> Iterator[Sink]:
    """A sink that answers on a free port until the end of the block."""
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = Server(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
