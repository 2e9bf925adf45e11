"""Mailers, against a real SMTP server and a real folder."""

import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from fundraising.letters import Attachment, Letter
from fundraising.mailer import (
    FolderMailer,
    MailRefused,
    compose,
    list_letters,
    read_letter,
)
from fundraising.smtp import SmtpMailer
from tests.fundraising.mail_server import free_port

MAIL_FROM = "#Oltreiperimetri <dona@example.org>"
needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl, which makes the certificate, is missing"
)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_letter(**changes) -> Letter:
    plain = {
        "kind": "paid",
        "to": "anna.bianchi@example.org",
        "subject": "Il tuo dono di 25,00 € è arrivato",
        "text": "Perché grazie.\n",
        "html": "<h1>Perché grazie.</h1>",
        "attachments": (Attachment("ricevuta è.pdf", b"%PDF-1.7\n\x00\xff"),),
    }
    return Letter(**(plain | changes))


class Postmaster:
    """Answers as told, and keeps what it accepts."""

    def __init__(self) -> None:
        self.answer_to_recipient = "250 OK"
        self.answer_to_data = "250 OK"
        self.answer_to_quit = "221 Bye"
        self.accepted = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server, session, envelope):
        if self.answer_to_data.startswith("250"):
            self.accepted.append(envelope)
        return self.answer_to_data

    async def handle_QUIT(self, server, session, envelope):
        return self.answer_to_quit


@pytest.fixture(scope="module")
def server():
    controller = Controller(Postmaster(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def postmaster(server):
    server.handler.__init__()
    return server.handler


@pytest.fixture
def mailer(server):
    url = f"smtp://{server.hostname}:{server.port}"
    return SmtpMailer(url, MAIL_FROM, clock=lambda: NOON, timeout_seconds=5)


def test_a_letter_arrives_whole(mailer, postmaster):
    mailer.send(a_letter(), "gift-1-paid")

    [envelope] = postmaster.accepted
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.mail_from == "dona@example.org"
    assert envelope.rcpt_tos == ["anna.bianchi@example.org"]
    assert message["From"] == "#Oltreiperimetri <dona@example.org>"
    assert message["To"] == "anna.bianchi@example.org"
    assert message["Subject"] == "Il tuo dono di 25,00 € è arrivato"
    assert message["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert message["Message-ID"] == "<gift-1-paid@example.org>"
    assert message["Content-Language"] == "it"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "Perché grazie."
    assert "<h1>Perché grazie.</h1>" in message.get_body(("html",)).get_content()
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == "ricevuta è.pdf"
    assert attachment.get_content() == b"%PDF-1.7\n\x00\xff"


@pytest.mark.parametrize("asked", ["answer_to_recipient", "answer_to_data"])
@pytest.mark.parametrize(
    ("answer", "temporary"),
    [
        ("451 try later, <anna.bianchi@example.org>", True),
        ("550 no mailbox Anna.Bianchi here", False),
    ],
)
def test_a_refusal_says_whether_to_try_again_and_not_to_whom(
    mailer, postmaster, asked, answer, temporary
):
    setattr(postmaster, asked, answer)

    with pytest.raises(MailRefused) as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary is temporary
    assert str(refusal.value).startswith(answer[:3])
    assert "bianchi" not in str(refusal.value).lower()
    assert refusal.value.__suppress_context__


def test_a_letter_refused_for_now_leaves_at_the_next_try(mailer, postmaster):
    postmaster.answer_to_data = "451 busy"
    with pytest.raises(MailRefused):
        mailer.send(a_letter(), "gift-1-paid")
    postmaster.answer_to_data = "250 OK"

    mailer.send(a_letter(), "gift-1-paid")

    assert len(postmaster.accepted) == 1


def test_an_accepted_letter_is_not_refused_for_a_bad_farewell(mailer, postmaster):
    """
    Sending it again would write to the donor twice.
    """
    postmaster.answer_to_quit = "421 going down"

    mailer.send(a_letter(), "gift-1-paid")

    assert len(postmaster.accepted) == 1


def test_a_dead_server_is_a_temporary_refusal():
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", MAIL_FROM, timeout_seconds=2)

    with pytest.raises(MailRefused, match="ConnectionRefusedError") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary


def test_a_silent_server_is_given_up_after_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        mailer = SmtpMailer(url, MAIL_FROM, timeout_seconds=0.2)

        with pytest.raises(MailRefused, match="does not answer") as refusal:
            mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary


def test_smtps_speaks_tls_from_the_first_byte(server):
    """
    A server that speaks plain text is not spoken to at all.
    """
    mailer = SmtpMailer(f"smtps://127.0.0.1:{server.port}", MAIL_FROM, timeout_seconds=5)

    with pytest.raises(MailRefused, match="SSLError") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary


def test_a_password_the_server_does_not_take_is_our_fault_and_the_letter_waits():
    strict = Controller(
        Postmaster(),
        hostname="127.0.0.1",
        port=free_port(),
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    )
    strict.start()
    mailer = SmtpMailer(f"smtp://utente:p%40rola@127.0.0.1:{strict.port}", MAIL_FROM)

    with pytest.raises(MailRefused, match="does not take our password") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    strict.stop()
    assert refusal.value.temporary
    assert "p@rola" not in str(refusal.value)


def test_a_password_never_crosses_a_network_in_the_clear(server):
    """
    0.0.0.0 reaches this machine too, but only known names of it are trusted.
    """
    mailer = SmtpMailer(f"smtp://utente:parola@0.0.0.0:{server.port}", MAIL_FROM)

    with pytest.raises(MailRefused, match="offers no TLS") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary


@pytest.fixture
def tls_server(tmp_path):
    """A server that offers STARTTLS, and the certificate it made for itself."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *names, "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    controller = Controller(
        Postmaster(),
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=tls,
        require_starttls=True,
    )
    controller.start()
    yield controller, certificate
    controller.stop()


@needs_openssl
def test_tls_is_used_when_the_server_offers_it(tls_server, monkeypatch):
    server, certificate = tls_server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    SmtpMailer(f"smtp://127.0.0.1:{server.port}", MAIL_FROM).send(a_letter(), "gift-1-paid")

    assert len(server.handler.accepted) == 1


@needs_openssl
def test_a_server_that_cannot_prove_its_name_gets_no_letter(tls_server):
    server, _ = tls_server
    mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}", MAIL_FROM)

    with pytest.raises(MailRefused, match="SSLCertVerificationError") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary
    assert server.handler.accepted == []


def test_a_password_for_a_server_that_takes_none_keeps_the_letter_too(server):
    mailer = SmtpMailer(f"smtp://utente:parola@127.0.0.1:{server.port}", MAIL_FROM)

    with pytest.raises(MailRefused, match="takes no password") as refusal:
        mailer.send(a_letter(), "gift-1-paid")

    assert refusal.value.temporary


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_no_mail_server_is_refused_at_once(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpMailer(url, MAIL_FROM)


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://mail.example.org", 587), ("smtps://mail.example.org", 465)]
)
def test_ports_have_their_usual_defaults(url, port):
    assert SmtpMailer(url, MAIL_FROM).port == port


@pytest.mark.parametrize(
    ("message_id", "mail_from"),
    [
        ("a\r\nBcc: b@example.org", MAIL_FROM),
        ("a> <b", MAIL_FROM),
        ("", MAIL_FROM),
        ("gift-1", "dona@example.org\r\nBcc: b@example.org"),
        ("gift-1", "dona"),
    ],
)
def test_nothing_can_break_out_of_a_header(message_id, mail_from):
    with pytest.raises(ValueError):
        compose(a_letter(), message_id, mail_from, NOON)


def test_a_folder_keeps_one_file_however_often_a_letter_is_sent(tmp_path):
    mailer = FolderMailer(tmp_path / "mail", MAIL_FROM, clock=lambda: NOON)

    mailer.send(a_letter(), "gift-1-paid")
    mailer.send(a_letter(), "gift-1-paid")

    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_message_ids_that_look_alike_are_different_letters(tmp_path):
    mailer = FolderMailer(tmp_path, MAIL_FROM, clock=lambda: NOON)

    mailer.send(a_letter(), "gift:1")
    mailer.send(a_letter(), "gift/1")

    assert len(list_letters(tmp_path)) == 2


def test_a_mailbox_lists_the_newest_letter_first_and_reads_it_back(tmp_path):
    eleven = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    FolderMailer(tmp_path, MAIL_FROM, clock=lambda: NOON).send(a_letter(), "second")
    FolderMailer(tmp_path, MAIL_FROM, clock=lambda: eleven).send(a_letter(subject="Prima"), "first")

    newest, oldest = list_letters(tmp_path)

    assert oldest.subject == "Prima"
    assert read_letter(tmp_path, newest.name) == newest
    assert newest.sent_at == NOON
    assert newest.to == "anna.bianchi@example.org"
    assert newest.text.strip() == "Perché grazie."
    assert newest.html.strip() == "<h1>Perché grazie.</h1>"
    assert newest.attachments == (Attachment("ricevuta è.pdf", b"%PDF-1.7\n\x00\xff"),)


def test_an_address_outside_ascii_survives_in_a_folder(tmp_path):
    FolderMailer(tmp_path, MAIL_FROM, clock=lambda: NOON).send(a_letter(to="zoë@example.org"), "a")

    assert list_letters(tmp_path)[0].to == "zoë@example.org"


def test_a_folder_that_is_not_there_yet_holds_no_letters(tmp_path):
    assert list_letters(tmp_path / "mail") == []


@pytest.mark.parametrize("name", ["../secret.eml", "/etc/passwd", "secret.eml", "", "a\x00.eml"])
def test_only_our_letters_can_be_read_from_a_folder(tmp_path, name):
    (tmp_path / "secret.eml").write_text("Subject: no\n\nno")

    with pytest.raises(FileNotFoundError):
        read_letter(tmp_path, name)
