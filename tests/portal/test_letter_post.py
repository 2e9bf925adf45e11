"""A test letter goes to one address by a real server, or says why it did not."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller

from portal.letter_post import NotSent, send_test

EML = (
    b"From: =?utf-8?q?Oltre?= <newsletter@esempio.invalid>\r\nSubject: Il numero =?utf-8?q?perch=C3=A9?=\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nCiao.\r\n"
)


class Postbox:
    """A server that keeps what it gets, and refuses one address."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nessuno@"):
            return "550 qui non abita"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def test_letter_arrives_once_and_says_that_it_is_a_test(postbox):
    send_test(EML, "redazione@example.org", postbox.url)

    (letter,) = postbox.letters
    message = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert letter.rcpt_tos == ["redazione@example.org"]
    assert message["Subject"] == "[PROVA] Il numero perché"
    assert message["To"] == "redazione@example.org"
    assert message.get_content() == "Ciao.\r\n"


def test_refused_address_is_named_with_the_servers_words(postbox):
    with pytest.raises(NotSent, match=r"nessuno@example\.org: 550 qui non abita"):
        send_test(EML, "nessuno@example.org", postbox.url)

    assert postbox.letters == []


def test_server_that_nobody_has_named_is_asked_for():
    with pytest.raises(
        NotSent, match=r"manca SMTP_URL, il server di posta\. Guarda \.env\.example"
    ):
        send_test(EML, "redazione@example.org", "")


@pytest.mark.parametrize("url", ["posta.esempio.it", "http://posta.esempio.it", "smtp://"])
def test_server_that_is_not_written_as_one_is_explained(url):
    with pytest.raises(NotSent, match="SMTP_URL non si capisce"):
        send_test(EML, "redazione@example.org", url)


def test_server_that_is_not_there_is_said(postbox):
    """A port nobody listens on any more."""
    with pytest.raises(NotSent, match="il server di posta non risponde"):
        send_test(EML, "redazione@example.org", "smtp://127.0.0.1:1")
