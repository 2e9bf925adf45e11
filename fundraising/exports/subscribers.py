"""Subscribers as files: a table for a spreadsheet, and what listmonk imports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from fundraising.exports.table import write_table
from fundraising.subscriptions import State

Row = dict[str, Any]

_HEADER = ("email", "lettera", "stato", "chiesto_il", "confermato_il", "testo", "dove", "finito_il")


def write_csv(rows: Iterable[Row]) -> bytes:
    """Write one line for each person and topic, with the proof of their yes."""
    return write_table(
        _HEADER,
        (
            (
                row["email"],
                row["topic"],
                State(row["state"]).in_italian,
                row["requested_at"] or row["asked_at"],
                row["confirmed_at"],
                row["wording"] or row["asked_wording"],
                row["place"] or row["asked_place"],
                row["ended_at"],
            )
            for row in rows
        ),
    )


def write_listmonk(rows: Iterable[Row]) -> bytes:
    """Write one line for each person, as listmonk's import wants it: commas, attributes in JSON.

    We know no names; listmonk then takes the part before the @.
    """
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["email"], []).append(row)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["email", "name", "attributes"])
    for email, topics in people.items():
        attributes = {
            "lettere": [row["topic"] for row in topics],
            "confermato_il": {row["topic"]: row["confirmed_at"] for row in topics},
        }
        writer.writerow([email, "", json.dumps(attributes, ensure_ascii=False)])
    return text.getvalue().encode()
