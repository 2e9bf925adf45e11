"""`portal stats`: how often pages were read, and nothing about who read them."""

import csv
import datetime
import gzip
import io
import ipaddress
import json
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cli import main
from portal.model.readings import ReadPage, months_of_readings, pages_to_read
from portal.readers.access_log import UnreadableLog, read_access_logs
from portal.readers.content import ContentReader
from portal.readers.log_line import LogLines
from portal.writers.readings import readings_summary, write_readings

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PAGES = (
    ReadPage("", "La casa"),
    ReadPage("storie/zucche/", "Le zucche"),
    ReadPage("bisogni/debiti/", "Spese e debiti", sensitive=True),
)
DAY = datetime.date(2026, 10, 7)


def line(target="/", status=200, method="GET", agent=CHROME, day="07/Oct/2026") -> str:
    """A line in Combined Log Format."""
    return (
        f'192.0.2.7 - anna [{day}:10:12:13 +0200] "{method} {target} HTTP/1.1" {status} 512 '
        f'"https://altrove.invalid/chi?cosa=7" "{agent}"\n'
    )


def counted(folder: Path, *lines: str, prefix: str = "/"):
    """What is counted of a log with these lines."""
    log = folder / "access.log"
    log.write_text("".join(lines), encoding="utf-8")
    return read_access_logs([log], [page.url for page in PAGES], prefix)


def published(counts):
    """What may be shown of *counts*."""
    return months_of_readings(counts.readings, counts.days, PAGES)


@pytest.mark.parametrize(
    "target",
    [
        "/storie/zucche/",
        "/storie/zucche",
        "/storie/zucche/index.html",
        "/storie/zucche/?da=newsletter&x=anna%40esempio.invalid",
        "/storie/zucche/#fine",
        "/storie/%7Aucche/",
        "https://www.esempio.invalid/storie/zucche/",
    ],
)
def test_a_page_is_one_however_its_address_is_written(tmp_path, target):
    """What follows a question mark may be anybody's name: it is dropped."""
    assert counted(tmp_path, line(target)).readings == {"2026-10": {"storie/zucche/": 1}}


@pytest.mark.parametrize(
    "other",
    [
        line(method="HEAD"),
        line(method="POST"),
        line(status=301),
        line(status=404),
        line(status=206),
        line(status=500),
        line("/assets/portal.css"),
        line("/feed.xml"),
        line("/anteprima/storie/zucche/"),
        line(agent=GOOGLE),
        line(agent="WhatsApp/2.23.20.0"),
        line(agent="curl/8.5.0"),
        line(agent="-"),
        line(agent=""),
    ],
)
def test_what_nobody_read_is_no_reading(tmp_path, other):
    """Errors, redirects, files, previews, and programs that say what they are."""
    assert counted(tmp_path, other).readings == {"2026-10": {}}


@pytest.mark.parametrize(
    "agent",
    [
        CHROME,
        "Mozilla/5.0 (Linux; Android 11; CUBOT X50) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS]",
        "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
        'un programma con \\"virgolette\\"',
    ],
)
def test_people_are_counted_whatever_they_read_with(tmp_path, agent):
    """A telephone whose maker has «bot» in the name, and the browser inside Facebook."""
    assert counted(tmp_path, line(agent=agent)).readings == {"2026-10": {"": 1}}


def test_a_page_the_browser_had_already_was_read_as_well(tmp_path):
    """304: nothing was sent, and it was opened."""
    assert counted(tmp_path, line(status=304)).readings == {"2026-10": {"": 1}}


def test_a_site_in_a_folder_of_its_server_is_counted_there(tmp_path):
    """The same addresses outside the folder are somebody else's."""
    counts = counted(tmp_path, line("/op/"), line("/op/storie/zucche/"), line("/"), prefix="op")

    assert counts.readings == {"2026-10": {"": 1, "storie/zucche/": 1}}


def test_logs_of_every_format_are_counted_alike(tmp_path):
    """Common (which names no program), Combined, gzip, Caddy's and nginx's JSON; a file given twice counts once."""
    common = '192.0.2.7 - - [07/Oct/2026:10:12:13 +0200] "GET / HTTP/1.1" 200 512\n'
    caddy = {
        "ts": 1791360000.25,
        "request": {
            "remote_ip": "192.0.2.7",
            "method": "GET",
            "uri": "/?x",
            "headers": {"User-Agent": [CHROME]},
        },
        "status": 200,
    }
    nginx = {
        "time_iso8601": "2026-10-07T10:00:00+02:00",
        "request_method": "GET",
        "request_uri": "/",
        "status": "200",
        "http_user_agent": GOOGLE,
    }
    plain, packed = tmp_path / "access.log", tmp_path / "access.log.1"
    plain.write_text(f"{common}{json.dumps(caddy)}\r\n\n{json.dumps(nginx)}", encoding="utf-8")
    packed.write_bytes(gzip.compress(line().encode()))

    counts = read_access_logs([plain, packed, plain], [""])

    assert counts.readings == {"2026-10": {"": 3}}
    assert (counts.lines, counts.bad_lines, counts.robots, counts.nameless) == (4, 0, 1, 1)


def test_what_is_no_line_of_a_log_is_counted_and_said(tmp_path):
    """Also a line without an end, which would not fit into the memory."""
    counts = counted(
        tmp_path, "boh\n", line(), line(day="32/Oct/2026"), '{"a": 1}\n', "x" * 3_000_000, "\n", line()
    )  # fmt: skip

    assert (counts.lines, counts.bad_lines) == (6, 4)
    assert counts.readings == {"2026-10": {"": 2}}


@pytest.mark.parametrize("content", [gzip.compress(line().encode() * 99)[:-9], b"\x1f\x8bno", None])
def test_a_log_that_cannot_be_read_to_its_end_is_an_error(tmp_path, content):
    """Half a month would look like a month with few readers."""
    log = tmp_path / "access.log.gz"
    if content is not None:
        log.write_bytes(content)

    with pytest.raises(UnreadableLog, match=r"access\.log\.gz"):
        read_access_logs([log], [""])


def test_few_readings_and_sensitive_pages_are_never_shown_by_themselves():
    """Five are named, four are not; what people read in secret is one sum, without a title."""
    pages = (*PAGES, ReadPage("a/", "A"), ReadPage("b/", "B"), ReadPage("c/", "C", sensitive=True))
    counts = {"": 5, "a/": 4, "b/": 3, "bisogni/debiti/": 90, "c/": 7}

    [month] = months_of_readings({"2026-10": counts}, [DAY], pages)

    assert month.pages == ((PAGES[0], 5),)
    assert (month.other, month.sensitive, month.total) == (7, 97, 109)


@pytest.mark.parametrize(
    ("counts", "other", "total"),
    [
        ({"": 9, "bisogni/debiti/": 4}, 0, 9),
        ({"": 9, "storie/zucche/": 4}, 0, 9),
        ({"": 9, "storie/zucche/": 4, "bisogni/debiti/": 1}, 5, 14),
    ],
)
def test_a_sum_of_few_is_not_shown_either(counts, other, total):
    """One page of four readings would be a sum that gives them away; the total does not tell it by difference."""
    [month] = months_of_readings({"2026-10": counts}, [DAY], PAGES)

    assert (month.other, month.sensitive, month.total) == (other, 0, total)


def test_what_lists_or_translates_a_sensitive_page_is_sensitive(example):
    """Whoever reads the stories of an action reads about the action."""
    action = example / "azioni/orto.md"
    action.write_text(
        action.read_text("utf-8").replace("number: 1\n", "number: 1\nsensitive: sì\n"), "utf-8"
    )

    site = ContentReader(example, datetime.date(2026, 11, 22)).read()

    hidden = {page.url for page in pages_to_read(site) if page.sensitive}
    assert hidden == {"azioni/orto/", "storie/azione/orto/"}


def test_a_month_becomes_a_table_a_picture_and_sentences(tmp_path):
    """The days that the logs cover are said: half a month is no bad month."""
    counts = counted(tmp_path, *[line("/storie/zucche/")] * 1_200, *[line("/bisogni/debiti/")] * 6)
    months = published(counts)

    written = write_readings(months)

    assert list(csv.reader(io.StringIO(written["letture.csv"].decode()))) == [
        ["mese", "dal", "al", "voce", "indirizzo", "titolo", "letture"],
        ["2026-10", "2026-10-07", "2026-10-07", "pagina", "/storie/zucche/", "Le zucche", "1200"],
        ["2026-10", "2026-10-07", "2026-10-07", "pagine delicate", "", "", "6"],
    ]
    assert [row["letture"] for row in json.loads(written["letture.json"])["righe"]] == [1200, 6]
    picture = ElementTree.fromstring(written["letture.svg"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.findtext("{http://www.w3.org/2000/svg}desc") == "Ottobre 2026, 1.206."
    assert readings_summary(months) == (
        "Ottobre 2026, solo il giorno 7: 1.206 letture.\n"
        "      1.200  Le zucche  /storie/zucche/\n"
        "          6  pagine delicate, tutte insieme"
    )


def test_a_log_without_a_day_makes_an_empty_table(tmp_path):
    """And no picture of nothing."""
    written = write_readings(published(counted(tmp_path, "boh\n")))

    assert written["letture.csv"] == b"mese,dal,al,voce,indirizzo,titolo,letture\r\n"
    assert set(written) == {"letture.csv", "letture.json"}


@settings(deadline=None)
@given(
    st.binary()
    | st.lists(
        st.sampled_from(
            [b"[", b"]", b'"', b"\\", b" ", b"07/Oct/2026:", b"GET / HTTP/1.1", b"200", b"-", b"{", b"}", b":", b",",
             b'"ts"', b'"request"', b'"status"', b"1e999", b"NaN", b"null", b"9" * 50, b"\n", b"\x00", b"\xff"]
        )
    ).map(b"".join)
)  # fmt: skip
def test_no_line_makes_it_fail(content):
    """Whoever asks for a page writes into the log what they like."""
    for raw in (
        content,
        b"{" + content,
        b'{"request":' + content + b"}",
        b"{" + b'"a":[' * 900 + content,
    ):
        LogLines().read(raw)


ADDRESSES = st.ip_addresses().map(str)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(ADDRESSES, st.sampled_from(["/", "/storie/zucche/", "/bisogni/debiti/", "/{0}/", "/?{0}"]),
                  st.sampled_from([CHROME, "{0}", GOOGLE]), st.integers(1, 12)),
        max_size=8,
    )
)  # fmt: skip
def test_no_address_of_a_reader_is_in_what_is_published(requests):
    """Not even one that was asked for as a page, or stood as the name of a program."""
    lines = [
        f'{ip} - {ip} [07/Oct/2026:10:12:13 +0200] "GET {target.format(ip)} HTTP/1.1" 200 512 '
        f'"https://{ip}/" "{agent.format(ip)}"\n' * times
        for ip, target, agent, times in requests
    ]

    with tempfile.TemporaryDirectory() as folder:
        months = published(counted(Path(folder), *lines))

    said = readings_summary(months) + "".join(
        content.decode() for content in write_readings(months).values()
    )
    for ip, *_ in requests:
        # The shortest of all, «::», is an address and might be in any text.
        assert ipaddress.ip_address(ip) == ipaddress.ip_address("::") or ip not in said


def test_a_line_costs_less_than_three_hundred_steps_of_a_loop(tmp_path):
    """A million lines in some seconds. Measured against a loop of Python, as machines differ."""
    lines = [line("/storie/zucche/"), line("/assets/portal.css"), line("/", agent=GOOGLE)] * 10_000
    started = time.process_time()
    steps = 0
    for step in range(3_000_000):
        steps += step
    loop_seconds = time.process_time() - started
    started = time.process_time()

    counts = counted(tmp_path, *lines)

    assert counts.lines == 30_000
    assert time.process_time() - started < loop_seconds * 3


def test_the_command_writes_four_files_and_says_what_it_left_out(tmp_path, capsys):
    """With the real pages: the one on debts is sensitive, and is not named anywhere."""
    log = tmp_path / "access.log"
    lines = [line("/")] * 7 + [line("/bisogni/spese-e-debiti/")] * 6 + [line(agent=GOOGLE), "boh\n"]
    log.write_text("".join(lines), encoding="utf-8")

    assert main(["stats", str(log), "--to", str(tmp_path / "letture")]) == 0

    said = capsys.readouterr().out
    assert said.startswith(
        "Ottobre 2026, solo il giorno 7: 13 letture.\n          7  #Oltreiperimetri  /\n"
    )
    assert "15 righe lette, 1 non si capiscono.\nLasciate fuori: 1 letture di programmi" in said
    files = {file.name: file.read_text("utf-8") for file in (tmp_path / "letture").iterdir()}
    assert set(files) == {"letture.csv", "letture.json", "letture.svg", "letture.txt"}
    assert "spese-e-debiti" not in "".join(files.values())


def test_the_command_writes_nothing_of_a_damaged_log(tmp_path, capsys):
    """It says which one, and ends with an error."""
    log = tmp_path / "access.log.gz"
    log.write_bytes(gzip.compress(line().encode() * 99)[:-9])

    assert main(["stats", str(log), "--to", str(tmp_path / "letture")]) == 1

    assert "access.log.gz: il file compresso è tagliato o rovinato" in capsys.readouterr().err
    assert not (tmp_path / "letture").exists()
