"""A mail server for tests: a real one, which answers as it is told."""

import asyncio
import socket
from collections import Counter
from email import message_from_bytes, policy


class Postmaster:
    """A server that keeps what it accepts and answers as told."""

    def __init__(self):
        self.accepted = []
        self.sessions = set()
        self.rcpt = self.data = lambda address: "250 OK"
        self.delay_seconds = 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.sessions.add(session.peer)
        answer = self.rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.delay_seconds)
        answer = self.data(envelope.rcpt_tos[0])
        if answer.startswith("250"):
            self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    @property
    def reached(self):
        """How many letters each address got."""
        return Counter(str(message["To"]) for message in self.accepted)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
