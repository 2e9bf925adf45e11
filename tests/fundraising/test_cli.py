"""The commands, as somebody runs them."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest


@pytest.fixture
def run(tmp_path, write_campaigns):
    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "fundraising.cli", *arguments],
            env=_environment(tmp_path, write_campaigns(), environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def _environment(tmp_path, campaigns, changes):
    plain = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "CAMPAIGNS_FILE": str(campaigns),
    }
    return plain | changes


def test_doctor_of_a_fresh_rehearsal_finds_nothing(run):
    result = run("doctor")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "Tutto torna" in result.stdout


def test_doctor_says_what_is_wrong_and_exits_with_one(run, tmp_path):
    result = run("doctor", CAMPAIGNS_FILE=str(tmp_path / "nowhere.json"))

    assert result.returncode == 1
    assert "non si può leggere" in result.stdout


def test_reader_who_has_enough_is_no_error(tmp_path, write_campaigns):
    """
    `fundraising totals | head -1`: no traceback about a broken pipe.
    """
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "fundraising.cli", "totals"],
        env=_environment(tmp_path, write_campaigns(), {}),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writer)

    assert (result.returncode, result.stderr) == (1, "")


def test_bad_settings_are_all_named_and_nothing_starts(run):
    result = run("serve", CAMPAIGNS_FILE="", SITE_URL="nowhere", SMTP_URL="x")

    assert result.returncode == 1
    for name in ("CAMPAIGNS_FILE", "SITE_URL", "SMTP_URL"):
        assert name in result.stderr
    assert "Traceback" not in result.stderr


def test_sandbox_is_not_shown_to_others_unasked(run):
    result = run("serve", "--host", "0.0.0.0", "--port", "0")

    assert result.returncode == 1
    assert "--rehearsal" in result.stderr


def test_books_that_cannot_be_reached_are_told_in_one_line(run):
    result = run("totals", DATABASE_URL="postgresql://127.0.0.1:9/nothing")

    assert result.returncode == 1
    assert "Il database non risponde" in result.stderr
    assert "Traceback" not in result.stderr


def test_totals_are_printed_or_written(run, tmp_path):
    printed = run("totals")
    written = run("totals", "--to", str(tmp_path / "out.json"))

    assert '"confirmed_cents": 0' in printed.stdout
    assert written.returncode == 0
    assert (tmp_path / "out.json").read_text().startswith("{")


def test_work_once_says_what_it_did(run):
    result = run("work", "--once")

    assert result.returncode == 0
    assert result.stdout.startswith("0 notifiche")


def test_help_is_in_italian(run):
    result = run("--help")

    assert "modulo" in result.stdout or "pagamenti" in result.stdout
    for command in ("serve", "work", "doctor", "totals"):
        assert command in result.stdout


def test_serve_prints_its_address_answers_and_stops_when_asked(tmp_path, write_campaigns):
    process = subprocess.Popen(
        [sys.executable, "-m", "fundraising.cli", "serve", "--port", "0"],
        env=_environment(tmp_path, write_campaigns(), {}),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}/api/donate?campaign=tetto", timeout=20) as answer:
            assert "PROVA: nessun addebito" in answer.read().decode()
        with urllib.request.urlopen(f"{address}/prova/", timeout=20) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
