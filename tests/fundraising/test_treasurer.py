"""The treasurer's commands, as somebody runs them, on a rehearsed fortnight."""

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

from fundraising.cli import main
from fundraising.people import erase_person
from tests.fundraising.conftest import came

# The fortnight takes some seconds to rehearse: one process plays it for all.


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory):
    """Two weeks of giving, rehearsed once; each command then reads them."""
    folder = tmp_path_factory.mktemp("fortnight")
    campaigns = folder / "campaigns.json"
    campaigns.write_text(json.dumps(_campaigns()), encoding="utf-8")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "fundraising.cli", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "DATA_DIR": str(folder / "data"),
                "CAMPAIGNS_FILE": str(campaigns),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    rehearsed = run("rehearse", "--days", "14", "--gifts", "1.5", "--seed", "5")
    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    assert "doni con carta" in rehearsed.stdout
    return run


def _campaigns():
    campaign = {
        "id": "tetto", "title": "Un tetto", "url": "/campagne/tetto/", "description": "Casa.",
        "recipient": "sercop", "example": True, "open": True, "goal_cents": None,
        "suggested_cents": [1000], "minimum_cents": 200, "frequencies": ["once", "month"],
    }  # fmt: skip
    recipient = {
        "id": "sercop", "name": "Sercop", "legal_name": "Sercop", "kind": "public_body",
        "address": None, "fiscal_code": None, "tax": None,
    }  # fmt: skip
    return {
        "version": 1, "currency": "eur", "campaigns": [campaign], "recipients": [recipient],
    }  # fmt: skip


def test_rehearsal_is_not_played_over_another(fortnight):
    again = fortnight("rehearse", "--days", "1")

    assert again.returncode == 1
    assert "c'è già una prova" in again.stdout


def test_everything_adds_up_after_the_rehearsal(fortnight):
    swept, reconciled, doctor = fortnight("sweep"), fortnight("reconcile"), fortnight("doctor")

    assert swept.returncode == 0
    assert "oggetti elencati da Stripe" in swept.stdout
    assert reconciled.returncode == 0
    assert "Tutto torna: ogni centesimo è spiegato." in reconciled.stdout
    assert "NON SPIEGATI" not in reconciled.stdout
    assert re.search(r"versament[oi] arrivat[oi]: \d+,\d\d", reconciled.stdout)
    assert doctor.returncode == 0, doctor.stdout


@pytest.mark.parametrize("what", ["journal", "beancount", "rendiconto"])
def test_export_is_written_and_says_what_is_in_it(fortnight, tmp_path, what):
    path = tmp_path / "out"
    arguments = ["tetto"] if what == "rendiconto" else []
    done = fortnight("export", what, *arguments, "--to", str(path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert str(path) in done.stdout
    assert path.stat().st_size > 100
    assert path.stat().st_mode & 0o077 == 0


def test_agency_check_adds_up(fortnight, tmp_path):
    from fundraising.clock import italian_day, utc_now

    done = fortnight("export", "ade", str(italian_day(utc_now()).year))

    assert done.returncode == 0, done.stdout
    assert "NON TORNA" not in done.stdout


def test_export_of_nothing_known_says_what_is_known(fortnight):
    done = fortnight("export", "rendiconto", "altro")

    assert done.returncode == 1
    assert "Nei libri: tetto" in done.stdout


def test_report_is_a_file_for_one_pair_of_eyes(fortnight, tmp_path):
    done = fortnight("report", "--to", str(tmp_path))
    page = tmp_path / "donazioni.html"

    assert done.returncode == 0
    assert "example.org" not in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0


def test_receipt_is_printed_again_copied_and_corrected(fortnight, tmp_path):
    from fundraising.clock import italian_day, utc_now

    last = f"1/{italian_day(utc_now()).year}"
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    printed = fortnight("receipts", "print", last, "--to", str(first))
    if "non c'è" in printed.stdout:
        last = f"1/{italian_day(utc_now()).year - 1}"
        fortnight("receipts", "print", last, "--to", str(first))
    fortnight("receipts", "print", last, "--to", str(second))

    assert first.read_bytes() == second.read_bytes()
    assert "copia" in fortnight("receipts", "resend", last).stdout
    wrong = fortnight("receipts", "void", last, "--fiscal-code", "PRVNNA80A41H264X")
    assert (wrong.returncode, "errore di battitura" in wrong.stdout) == (1, True)
    nobody = fortnight("receipts", "void", last, "--last-name", " ")
    assert (nobody.returncode, "Non abbiamo cambiato niente" in nobody.stdout) == (1, True)
    voided = fortnight("receipts", "void", last, "--last-name", "Nuovo")
    assert "resta nel registro" in voided.stdout
    assert "parte ora per il donatore" in voided.stdout
    assert "annullata: non si rimanda" in fortnight("receipts", "resend", last).stdout
    assert fortnight("doctor").returncode == 0


def test_corrected_receipt_of_a_forgotten_donor_is_said_to_stay_here(house, monkeypatch, capsys):
    """
    The law keeps the name on the receipt, but there is no address any more to send it to.
    """
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    erase_person(house.parts.store, "anna@example.org", livemode=False, now=house.clock())
    _live_in(house, monkeypatch)
    [receipt] = house.query("all_receipts")

    code = main(["receipts", "void", f"1/{receipt['year']}", "--last-name", "Nuovo"])

    assert code == 0
    assert capsys.readouterr().out == (
        f"La ricevuta 1/{receipt['year']} è annullata e resta nel registro. Al suo posto vale la n. 2, "
        "che non parte: il donatore ha fatto cancellare il suo indirizzo.\n"
    )
    assert {row["state"] for row in house.query("all_letters")} == {"dropped"}


def _live_in(house, monkeypatch):
    """Let a command run in this process find the house in its environment."""
    settings = house.parts.settings
    for name, value in {
        "SITE_URL": settings.site_url,
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "CAMPAIGNS_FILE": str(settings.campaigns_file),
        "MAIL_FROM": settings.mail_from,
        "STRIPE_SECRET_KEY": settings.stripe_secret_key,
        "STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secrets[0],
        "STRIPE_API_BASE": settings.stripe_api_base,
    }.items():
        monkeypatch.setenv(name, value)


def test_agency_check_keeps_what_came_back_apart_from_what_went_back(house, monkeypatch, capsys):
    """
    Of two gifts of two years ago one was in dispute over New Year and won, of the other 10 € went back.
    """
    disputed, refunded = house.give(), house.give()
    for session_id in (disputed, refunded):
        house.sandbox.pay_by_card(session_id)
    dispute = house.sandbox.dispute(disputed)
    house.sandbox.account.clock = lambda: house.clock() + timedelta(days=730)
    house.sandbox.close_dispute(dispute["id"], won=True)
    house.sandbox.refund(refunded, 10_00)
    for session_id in (disputed, refunded):
        house.look("checkout.session", session_id)
    _live_in(house, monkeypatch)

    assert main(["export", "ade", str(house.clock().year + 2)]) == 0
    told = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "  resi quest'anno, donati prima: 1 dono, 10,00 €\n" in told
    assert "  tornati a noi quest'anno, donati prima: 1 dono, 25,00 €\n" in told


def test_unknown_receipt_and_gift_are_told(fortnight):
    assert "Scrivila così: 12/2026" in fortnight("receipts", "resend", "dodici").stdout
    assert "non c'è" in fortnight("receipts", "resend", "9999/2026").stdout
    assert "Nessun dono si chiama cs_x" in fortnight("refund", "cs_x").stdout


def test_statement_that_cannot_be_read_is_told(fortnight, tmp_path):
    done = fortnight("import-bank", str(tmp_path / "nowhere.csv"))

    assert done.returncode == 1
    assert "non lo abbiamo importato" in done.stdout
    assert "Nessun movimento da decidere" in fortnight("import-bank").stdout


def test_standing_order_is_booked_as_the_advice_says(house, promise, monkeypatch, capsys, tmp_path):
    """
    Each step does what the one before it told the treasurer to type.
    """
    promise(amount="70")
    _live_in(house, monkeypatch)
    statement = tmp_path / "estratto.csv"
    statement.write_text(
        "Data;Importo;Causale\n12/10/2026;70,00;OP-0001-Y\n12/11/2026;70,00;OP-0001-Y\n",
        encoding="utf-8",
    )

    assert main(["import-bank", str(statement)]) == 0
    told = capsys.readouterr().out
    [line] = re.findall(r"^  ([0-9a-f]{8})  2026-11-12", told, re.MULTILINE)
    assert "1 bonifico riconosciuto" in told
    assert "Un altro dono con un codice già arrivato: import-bank --again ID --code OP-…" in told
    assert main(["import-bank", "--confirm", line, "--code", "OP-0001-Y"]) == 1
    [advice] = re.findall("import-bank --again .*", capsys.readouterr().out)
    assert main(advice.split()) == 0
    assert capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ") == (
        "Un altro dono di chi aveva promesso: 70,00 €, nei libri come OP-0001-Y/2, "
        "con la sua ricevuta.\nNessun movimento da decidere.\n"
    )
    assert main(["doctor"]) == 0


def test_transfer_that_went_back_is_told_as_the_advice_says(house, promise, monkeypatch, capsys):
    _page, code = promise(amount="70")
    came(house, code, on=date(2026, 10, 12), cents=70_00)
    _live_in(house, monkeypatch)

    assert main(["refund", code]) == 1
    assert capsys.readouterr().out == (
        "Non abbiamo rimborsato niente. Questo dono è arrivato con un bonifico: rendilo dalla banca "
        "che l'ha ricevuto, e poi scrivilo nei libri con lo stesso comando e --by-bank GIORNO.\n"
    )
    assert main(["refund", code, "--by-bank", "2026-10-11"]) == 1
    assert capsys.readouterr().out == (
        "Nei libri non è cambiato niente. Il bonifico è arrivato in data 12 ottobre 2026: non può essere "
        "tornato indietro prima.\n"
    )
    assert main(["refund", code, "--by-bank", "2026-11-12", "--amount", "20"]) == 0
    assert capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Nei libri: 20,00 € resi dalla banca per {code}, in data 12 novembre 2026.\n"
        "Del dono restano 50,00 €; ricevuta e lettera sono aggiornate.\n"
    )
    assert main(["doctor"]) == 0


def test_stranger_has_no_data(fortnight):
    for act in ("export", "erase", "oppose"):
        done = fortnight("people", act, "nessuno@example.org")
        assert (done.returncode, "non sanno niente" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    "command",
    [
        ["sweep"], ["reconcile"], ["refund"], ["receipts", "void"], ["export", "ade"],
        ["import-bank"], ["people", "erase"], ["rehearse"], ["report"],
    ],
)  # fmt: skip
def test_help_speaks_italian(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    printed = capsys.readouterr().out

    assert ended.value.code == 0
    assert printed.startswith("uso: fundraising")
    assert "show this help" not in printed
    assert "mostra questo aiuto" in printed


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["export", "ade", "0"], "l'anno «0» non si capisce. Scrivilo così: 2026"),
        (["export", "ade", "99999"], "l'anno «99999» non si capisce"),
        (["receipts", "yearly", "99999", "--to", "y"], "l'anno «99999» non si capisce"),
        (["export", "journal", "--until", "9999-12-31"], "la data «9999-12-31» non si capisce"),
        (["newsletter", "resume", "9" * 20], "non è un numero uscito. Scrivilo così: 12"),
        (["rehearse", "--days", "0"], "«0» non va bene. Scrivi un numero da 1 a 3660."),
        (["rehearse", "--days", "9" * 9], "quanti giorni: «999999999» non va bene"),
        (["rehearse", "--gifts", "-1"], "«-1» non va bene. Scrivi un numero da 0 a 100"),
        (["rehearse", "--gifts", "nan"], "quanti doni: «nan» non va bene"),
        (["serve", "--port", "999999"], "«999999» non va bene. Scrivi un numero da 0 a 65535."),
        (["serve", "--port", "-1"], "la porta «-1» non va bene"),
    ],
)
def test_number_that_makes_no_sense_is_refused_in_italian(capsys, command, says):
    with pytest.raises(SystemExit) as ended:
        main(command)

    assert ended.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["report", "--to"], ["totals", "--to"], ["totals", "--csv"],
        ["export", "journal", "--to"],
    ],
)  # fmt: skip
def test_file_that_cannot_be_written_is_told(fortnight, tmp_path, command):
    """
    Nobody, not even an administrator, makes a folder where there is a file.
    """
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = fortnight(*command, str(tmp_path / "file" / "out"))

    assert done.returncode == 1
    assert "non si può scrivere" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_argument_is_refused_in_italian(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["refund", "cs_x", "--amount", "1.250"])

    assert ended.value.code == 2
    assert "due modi" in capsys.readouterr().err
