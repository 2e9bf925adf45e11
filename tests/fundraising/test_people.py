"""People get what the books hold about them, and have it erased as far as the law lets."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fundraising.campaigns import CampaignsFile
from fundraising.doctor import examine
from fundraising.people import (
    PlanStillRuns,
    erase_person,
    export_person,
    forget_who_is_due,
    oppose_report,
)
from tests.fundraising.test_newsletter import Person
from tests.fundraising.test_reduce import Desk

ANNA = "anna@example.org"


def paid(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def everything_written(house):
    """Every text of every table, as one string."""
    with house.parts.store.transaction() as books:
        tables = ["donor", "intent", "donation", "receipt", "outbox", "consent", "task"]
        return json.dumps(
            [list(books._connection.execute(f"select * from {table}")) for table in tables],
            default=str,
        )


def test_export_holds_gifts_receipts_and_letters_of_one_person(house):
    paid(house)
    paid(house, email="Anna@Example.org")
    paid(house, email="bruno@example.org", first_name="Bruno")
    found = export_person(
        house.parts.store, " ANNA@example.org ", livemode=False, now=house.clock()
    )

    assert len(found["doni"]) == 2
    gift = found["doni"][0]
    assert gift["chi"]["nome"] == "Anna"
    assert gift["doni"][0]["importo_centesimi"] == 25_00
    assert gift["ricevute"][0]["numero"] == 1
    assert gift["ricevute"][0]["testo"]["purpose"] == "Un tetto per ricominciare"
    assert gift["lettere"][0]["tipo"] == "paid"
    assert "Bruno" not in json.dumps(found)


def test_stranger_is_not_known(house):
    store = house.parts.store

    assert export_person(store, "nobody@example.org", livemode=False, now=house.clock()) is None
    assert erase_person(store, "", livemode=False, now=house.clock()).forgotten == 0


def test_erasing_keeps_only_what_receipts_need(house):
    """
    One gift was paid, one never was: of the first the name stays for ten years, of
    the second nothing does.
    """
    paid(house)
    house.give()
    done = erase_person(house.parts.store, ANNA, livemode=False, now=house.clock())

    assert (done.forgotten, done.kept) == (1, 1)
    assert done.kept_until.year == house.clock().year + 10
    written = everything_written(house)
    assert ANNA not in written
    assert written.count("Prova") == 1
    assert export_person(house.parts.store, ANNA, livemode=False, now=house.clock()) is None


def test_erased_person_gets_no_letter_any_more(house):
    session_id = paid(house)
    erase_person(house.parts.store, ANNA, livemode=False, now=house.clock())
    house.sandbox.refund(session_id)
    house.look("checkout.session", session_id)
    house.parts.worker.run_once()

    assert {letter["state"] for letter in house.query("all_letters")} == {"dropped"}


def test_recurring_gift_that_begins_after_the_erasure_is_ended(house):
    """
    The payment page stays open for a day; of the gifts after the first nobody could be told.
    """
    session_id = house.give(frequency="month")
    erase_person(house.parts.store, ANNA, livemode=False, now=house.clock())
    subscription = house.sandbox.pay_by_card(session_id)["subscription"]
    house.look("checkout.session", session_id)
    house.look("subscription", subscription)
    house.parts.worker.run_once()
    house.look("subscription", subscription)

    assert house.query("find_plan", subscription_id=subscription)["status"] == "canceled"
    assert ANNA not in everything_written(house)


def test_recurring_gift_has_to_end_first(house):
    session_id = house.give(frequency="month")
    subscription = house.sandbox.pay_by_card(session_id)["subscription"]
    house.look("checkout.session", session_id)
    with pytest.raises(PlanStillRuns, match=subscription):
        erase_person(house.parts.store, ANNA, livemode=False, now=house.clock())
    house.sandbox.cancel_subscription(subscription)
    house.look("subscription", subscription)

    assert erase_person(house.parts.store, ANNA, livemode=False, now=house.clock()).kept == 1


@pytest.mark.parametrize("owed", [False, True])
def test_gift_that_ends_with_its_period_does_not_hinder_the_erasure(house, owed):
    """
    The area says that nothing more is charged: the year may still have eleven months to run.
    """
    session_id = house.give(frequency="year")
    subscription = house.sandbox.pay_by_card(session_id)["subscription"]
    house.look("checkout.session", session_id)
    if owed:
        house.sandbox.renew(subscription, accepted=False)
    stripe = house.parts.gateway._client.v1.subscriptions
    stripe.update(subscription, {"cancel_at_period_end": True})
    house.look("subscription", subscription)
    house.parts.worker.run_once()

    assert erase_person(house.parts.store, ANNA, livemode=False, now=house.clock()).kept == 1
    # Taken back at the last moment: of what it would charge nobody could be told.
    stripe.update(subscription, {"cancel_at_period_end": False})
    house.look("subscription", subscription)
    house.parts.worker.run_once()
    house.look("subscription", subscription)

    assert stripe.retrieve(subscription).status == "canceled"
    assert house.query("find_plan", subscription_id=subscription)["status"] == "canceled"
    assert [row["state"] for row in house.query("all_errands")] == ["done"]
    assert {row["state"] for row in house.query("all_letters")} <= {"sent", "dropped"}
    assert ANNA not in everything_written(house)
    assert examine(house.parts) == []


def test_gift_that_ends_with_its_period_is_ended_at_once_with_the_erasure(house):
    session_id = house.give(frequency="year")
    subscription = house.sandbox.pay_by_card(session_id)["subscription"]
    stripe = house.parts.gateway._client.v1.subscriptions
    stripe.update(subscription, {"cancel_at_period_end": True})
    house.look("subscription", subscription)

    erase_person(house.parts.store, ANNA, livemode=False, now=house.clock())
    house.parts.worker.run_once()

    assert stripe.retrieve(subscription).status == "canceled"


def test_date_comes_and_names_go_by_themselves(house):
    """
    Unpaid wishes after ninety days, paid gifts after ten years, each on its date.
    """
    paid(house)
    house.give(email="mai@example.org", first_name="Mai")
    store, now = house.parts.store, house.clock()
    tenth = datetime(now.year + 10, 12, 31, 12, tzinfo=UTC)

    assert forget_who_is_due(store, livemode=False, now=now + timedelta(days=89)) == 0
    assert forget_who_is_due(store, livemode=False, now=now + timedelta(days=91)) == 1
    assert "Mai" not in everything_written(house)
    assert forget_who_is_due(store, livemode=False, now=tenth) == 0
    assert forget_who_is_due(store, livemode=False, now=tenth + timedelta(days=1)) == 1
    assert "Prova" not in everything_written(house)
    assert forget_who_is_due(store, livemode=False, now=tenth + timedelta(days=2)) == 0


def test_receipt_of_a_new_years_night_is_kept_for_its_italian_year(
    store, write_campaigns, clock, a_gift
):
    """
    Half an hour after midnight in Milan it is 2027, whatever the year is in UTC.
    """
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    desk = Desk(store, CampaignsFile(write_campaigns()).read, clock)
    desk.apply(a_gift(paid_at=clock.now))
    last_evening = datetime(2037, 12, 31, 22, 30, tzinfo=UTC)

    for moment, forgotten in [
        (datetime(2037, 1, 2, tzinfo=UTC), 0),
        (last_evening, 0),
        (last_evening + timedelta(hours=1), 1),
    ]:
        assert forget_who_is_due(store, livemode=False, now=moment) == forgotten


def test_opposition_is_noted_with_its_moment(house):
    paid(house)

    assert oppose_report(house.parts.store, ANNA, livemode=False, now=house.clock()) == 1
    [donor] = house.query("donors_of_email", livemode=0, email=ANNA)
    assert donor["opposed_at"].startswith("20")


def test_reader_of_the_newsletter_gets_and_forgets_everything_too(house):
    """
    Somebody who never gave anything is known by the list alone.
    """
    bea = Person(house, "bea@example.org")
    bea.subscribe()
    store, now = house.parts.store, house.clock()
    found = export_person(store, "Bea@example.org", livemode=False, now=now)

    assert found["doni"] == []
    [subscription] = found["newsletter"]["iscrizioni"]
    assert subscription["lettera"] == "newsletter"
    assert subscription["stato"] == "active"
    assert subscription["confermato_il"]
    assert [letter["tipo"] for letter in found["newsletter"]["lettere"]] == ["opt_in"]
    done = erase_person(store, "bea@example.org", livemode=False, now=now)
    assert (done.forgotten, done.kept, done.was_reader) == (0, 0, True)
    assert export_person(store, "bea@example.org", livemode=False, now=now) is None
