"""What the public sees of the books: sums, and nobody's name."""

import subprocess
import sys
from pathlib import Path

import pytest

from fundraising.exports.history import read_history, write_history

ROOT = Path(__file__).parents[2]
# Words that stand nowhere else, so that finding one on the site can only mean one thing.
DONOR = {
    "email": "zenobia.quagliarella@example.org",
    "first_name": "Zenobia",
    "last_name": "Quagliarella",
    "fiscal_code": "PRVNNA80A41H264K",
}
COMPANY = {
    "email": "conti@xilofonobastiani.example",
    "first_name": "Gelsomino",
    "last_name": "Bastianich",
    "company_name": "Xilofono Bastiani",
    "vat_number": "00743110157",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_built_site_holds_nothing_of_anybody_in_the_books(house, tmp_path):
    """
    Gifts of a person and of a company, one of them in memory of somebody, are in the
    totals the site is built with; every file of the site is searched for every word.
    """
    sessions = [
        house.give(**DONOR, dedication="memory", dedication_name="Ermenegilda"),
        house.give(**COMPANY),
    ]
    for session_id in sessions:
        house.sandbox.pay_by_card(session_id)
        house.look("checkout.session", session_id)
    house.parts.worker.run_once()
    totals, out = house.parts.settings.totals_file, tmp_path / "site"
    command = [sys.executable, "-m", "portal.cli", "build", "--out", out, "--totals", totals]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    history = write_history(read_history(house.parts.store, livemode=False))
    public = {str(path): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    public |= {"totals.json": totals.read_bytes(), "storia.csv": history}

    words = {word.casefold().encode() for word in everything_about_people(house)}
    found = {
        (name, word) for name, text in public.items() for word in words if word in text.lower()
    }

    assert b"quagliarella" in words
    assert b"ermenegilda" in words
    assert len(public) > 100
    assert found == set()


def everything_about_people(house):
    """Every text of the table with personal data, and the ids that lead to it."""
    with house.parts.store.transaction() as books:
        rows = [dict(row) for row in books._connection.execute("select * from donor")]
        rows += [
            dict(row) for row in books._connection.execute("select id, session_id from intent")
        ]
    not_personal = {"created_at", "kind", "dedication"}
    return {
        value
        for row in rows
        for name, value in row.items()
        if name not in not_personal and isinstance(value, str) and value
    }
