"""What comes back is read as it was written, and stops letters only where it should."""

from datetime import date, timedelta

import pytest

from fundraising.bounces import BadBounces, Bounce, Kind, read_message, read_table
from fundraising.readers import Fate, Readers
from fundraising.subscriptions import Place
from tests.fundraising.conftest import NOON

TODAY = date(2026, 11, 22)


def a_report(*blocks, report="delivery-status", date="Sun, 22 Nov 2026 10:00:00 +0100"):
    """A message as a mail server sends it back."""
    fields = "\r\n\r\n".join(["Reporting-MTA: dns; mail.example.net", *blocks])
    return (
        f"From: MAILER-DAEMON@mail.example.net\r\nTo: dona@example.org\r\nDate: {date}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={report}; boundary="cut"\r\n\r\n'
        "--cut\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\r\n"
        f"--cut\r\nContent-Type: message/{report}\r\n\r\n{fields}\r\n\r\n"
        "--cut\r\nContent-Type: message/rfc822\r\n\r\nSubject: Si apre\r\n\r\nCiao.\r\n"
        "--cut--\r\n"
    ).encode()


def a_block(status, action="failed", address="anna@example.org"):
    return f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_table_is_read_as_spreadsheets_write_it(mark, delimiter):
    table = "Email;Type;Date\r\nanna@Example.org;Hard;2026-11-22\r\n\r\nb@example.org;soft;2026-11-21T10:00:00Z\r\n"

    found = read_table(mark + table.replace(";", delimiter).encode())

    assert found == [
        Bounce("anna@example.org", Kind.HARD, TODAY),
        Bounce("b@example.org", Kind.SOFT, date(2026, 11, 21)),
    ]


def test_columns_may_come_in_any_order_and_with_others():
    found = read_table(b"date;reason;type;email\n2026-11-22;spam button;complaint;a@example.org\n")

    assert found == [Bounce("a@example.org", Kind.COMPLAINT, TODAY)]


def test_every_wrong_line_is_told_at_once_with_how_to_write_it():
    table = b"email;type;date\nanna;hard;2026-11-22\nb@example.org;boh;2026-11-22\nc@example.org;soft;ieri\n"

    with pytest.raises(BadBounces) as bad:
        read_table(table)

    assert bad.value.problems == (
        "riga 2: «anna» non è un indirizzo. Scrivila così: anna@example.org;hard;2026-11-22",
        "riga 3: il tipo «boh» non c'è: hard, soft o complaint. "
        "Scrivila così: anna@example.org;hard;2026-11-22",
        "riga 4: la data «ieri» non si capisce. Scrivila così: anna@example.org;hard;2026-11-22",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "riga 1: manca la colonna email e type e date"),
        (b"email;date\n", "riga 1: manca la colonna type"),
        ("email;type;date\nperché;hard\n".encode("latin-1"), "riga 2: non è UTF-8"),
    ],
)
def test_file_that_is_no_table_is_explained(content, says):
    with pytest.raises(BadBounces, match=says):
        read_table(content)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", Kind.HARD),
        ("5.1.10 (nullmx)", Kind.HARD),
        ("5.2.1", Kind.HARD),
        ("5.2.2", Kind.SOFT),
        ("5.7.1", Kind.SOFT),
        ("4.4.7", Kind.SOFT),
        ("5.0.0", Kind.SOFT),
    ],
)
def test_message_of_a_server_says_what_the_status_means(status, kind):
    """
    Only a mailbox that is not there is for good; a block list or a full box is not.
    """
    assert read_message(a_report(a_block(status))) == [Bounce("anna@example.org", kind, TODAY)]


def test_message_names_several_and_only_the_failed_ones_count():
    found = read_message(
        a_report(
            a_block("5.1.1"),
            a_block("4.0.0", action="delayed", address="b@example.org"),
            a_block("2.0.0", action="delivered", address="c@example.org"),
            "Original-Recipient: rfc822;d@example.org\r\n"
            + a_block("5.1.1", address="x@inoltro.example"),
        )
    )

    assert [bounce.email for bounce in found] == ["anna@example.org", "d@example.org"]


def test_day_is_the_italian_one():
    late = "Sun, 22 Nov 2026 23:30:00 +0000"

    [bounce] = read_message(a_report(a_block("5.1.1"), date=late))

    assert bounce.on == date(2026, 11, 23)


def test_complaint_of_a_mail_service_is_read():
    report = a_report(
        "Feedback-Type: abuse\r\nUser-Agent: Test/1.0\r\nVersion: 1\r\n"
        "Original-Rcpt-To: <anna@example.org>",
        report="feedback-report",
    ).replace(b"Reporting-MTA: dns; mail.example.net\r\n\r\n", b"")

    assert read_message(report) == [Bounce("anna@example.org", Kind.COMPLAINT, TODAY)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"From: anna@example.org\r\nSubject: Ciao\r\n\r\nGrazie!\r\n", "manca il rapporto"),
        (a_report(a_block("4.0.0", action="delayed")), "non nomina nessun indirizzo"),
        (a_report(a_block("5.1.1"), date="boh"), "non ha una data"),
        (b"", "manca il rapporto"),
        (b"\xff\xfe\x00", "manca il rapporto"),
    ],
)
def test_message_that_says_nothing_is_explained(content, says):
    with pytest.raises(BadBounces, match=says):
        read_message(content)


@pytest.fixture
def readers(store):
    """The list within a transaction, with Anna on it since noon."""
    with store.transaction() as books:
        ids = iter(f"{number:032x}" for number in range(1000))
        readers = Readers(books, livemode=0, now=NOON, new_id=lambda: next(ids))
        readers.ask("Anna@example.org", ["newsletter"], wording="2026-11", place=Place.FORM)
        reader = books.lock_reader_of_email(livemode=0, email="anna@example.org")
        readers.confirm(reader["id"], ["newsletter"])
        yield readers


def test_hard_bounce_and_complaint_stop_at_once(readers):
    assert readers.suppress("anna@EXAMPLE.org", "hard", TODAY) is Fate.STOPPED
    assert readers.suppress("anna@example.org", "complaint", TODAY) is Fate.STOPPED
    assert readers.suppress("nessuno@example.org", "hard", TODAY) is Fate.UNKNOWN


def test_soft_bounces_stop_on_the_third_day_of_a_month(readers):
    """
    The same file imported twice counts once.
    """
    days = [
        TODAY,
        TODAY,
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=9),
    ]

    fates = [readers.suppress("anna@example.org", "soft", day) for day in days]

    assert fates == [Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.STOPPED]


def test_old_news_does_not_stop_who_confirmed_since(readers):
    assert readers.suppress("anna@example.org", "hard", date(2026, 11, 21)) is Fate.KEPT
