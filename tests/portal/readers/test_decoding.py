"""Bytes that are no text are named for what they are, and never guessed at."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.readers.content import ContentReader
from portal.readers.decoding import decoded
from portal.readers.document import Document, read_page_text

TODAY = datetime.date(2026, 11, 22)
_SAVE = "Nel programma con cui scrivi scegli «Salva con nome» e la codifica UTF-8."


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (
            "Ciao\nA Rho c'è più vita.".encode("cp1252"),
            2,
            f"il file non è in UTF-8: un carattere non si legge, forse in «c'è». {_SAVE}",
        ),
        (
            "Ciao".encode("utf-16"),
            1,
            f"il file è salvato come «Unicode» (UTF-16), e qui serve UTF-8. {_SAVE}",
        ),
        (
            b"PK\x03\x04\x14\x00",
            1,
            "il file non è testo: è un documento di Word o di LibreOffice con un altro nome. Aprilo, copia il testo e "
            "incollalo in un file nuovo.",
        ),
        (
            b"Ciao\na te\x00",
            2,
            "in questa riga c'è un carattere che non è testo, e non si vede. Cancella la riga e riscrivila.",
        ),
    ],
)
def test_a_file_that_is_no_text_is_named(raw, line, said):
    """What it is, where, and how to save it."""
    problem = decoded("a.md", raw)

    assert (problem.line, problem.message) == (line, said)


def test_a_byte_order_mark_is_no_text_and_no_fault():
    """Notepad writes one."""
    assert decoded("a.md", "\ufeffCittà".encode()) == "Città"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: *via*\n---\n", "riga 2: l'intestazione non si legge: un testo comincia con un asterisco o una "
         "«e» commerciale. Mettilo fra virgolette."),
        ("---\ntitle: a\n\tb: c\n---\n", "riga 3: c'è un tabulatore. Al suo posto metti due spazi."),
        ("---\nsources: - title: x\n---\n", "riga 2: l'intestazione non si legge: un elenco comincia sulla riga del "
         "campo. Vai a capo, e metti due spazi prima del trattino."),
        ("---\ntitle: x\ndate: a\x07b\n---\n", "riga 3: c'è un carattere che non si vede e non può stare. "
         "Riscrivi la riga."),
        ("---\ntitle: x\n---\nUno\n<<<<<<< HEAD\n", "riga 5: «<<<<<<< HEAD» è rimasto da un conflitto: due persone "
         "hanno cambiato le stesse righe. Tieni quelle giuste e togli le righe che cominciano con <<<<<<<, ======= "
         "e >>>>>>>."),
        (f"---\na: {'[' * 3000}{']' * 3000}\n---\n", "riga 2: troppe parentesi una dentro l'altra. Togline."),
        ("---\n\n\ntitle: x\ntitle: y\n---\n", "riga 5: «title» è scritto due volte. Tienine uno solo"),
    ],
)  # fmt: skip
def test_yaml_that_cannot_be_read_says_what_to_write(text, said):
    """On the line where it is, also with blank lines above."""
    assert str(read_page_text("a.md", text)) == f"a.md, {said}"


def test_the_traps_of_yaml_catch_nobody():
    """A postcode keeps its zeros, a time is a time, «no» is a word."""
    document = read_page_text("a.md", "---\ncap: 00100\nora: 10:30\nforse: no\nnulla: ~\n---\n")

    assert isinstance(document, Document)
    assert document.data == {"cap": "00100", "ora": "10:30", "forse": "no", "nulla": "~"}


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"---\n", b"title: ", b"date: 2020-01-01\n", b"- ", b"[", b"{", b"&a ", b"*a", b"? ", b": ", b"\t", b"\n",
             b"](../", b".md)", b"![a](", b"\xff\xfe", b"\xe8", b"\x00", b"<<<<<<< a\n", b"| ", b"> ", b"!!int ", b"'"]
        ),
        st.binary(max_size=6),
    ),
    max_size=25,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PIECES)
def test_no_file_makes_the_reader_stumble(tmp_path, pieces):
    """It is read, or it is a problem on a line of its own; nothing is raised, nothing is changed."""
    raw = b"---\ntitle: Prova\n" + b"".join(pieces)
    (tmp_path / "pagina.md").write_bytes(raw)
    reader = ContentReader(tmp_path, TODAY)

    reader.read()

    assert (tmp_path / "pagina.md").read_bytes() == raw
    assert all(problem.line >= 1 for problem in reader.problems)
