"""Who reads the newsletter: only people who said yes twice, until they say no once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.clock import italian_day
from fundraising.subscriptions import (
    Consent,
    Ending,
    Place,
    State,
    Subscription,
    Wish,
    ask,
    bounces_for_good,
    confirm,
    expire,
    leave,
    suppress,
    withdraw,
)
from tests.fundraising.conftest import NOON

TODAY = date(2026, 11, 22)


def a_wish(at=NOON, place=Place.FORM):
    return Wish(at, "2026-11", place)


def a_reader():
    """Somebody who asked at noon and confirmed an hour later."""
    return confirm(ask(None, a_wish()), NOON + timedelta(hours=1))


def test_a_wish_alone_is_no_subscription():
    pending = ask(None, a_wish())

    assert pending.state is State.PENDING
    assert not pending.receives


def test_yes_keeps_the_words_and_both_moments():
    reader = a_reader()

    assert reader.receives
    assert reader.consent == Consent(a_wish(), NOON + timedelta(hours=1))


def test_asking_again_changes_nothing_for_who_reads():
    assert ask(a_reader(), a_wish(NOON + timedelta(days=30))) == a_reader()


def test_yes_comes_too_late_after_a_week():
    pending = ask(None, a_wish())

    assert confirm(pending, NOON + timedelta(days=6, hours=23)).receives
    assert confirm(pending, NOON + timedelta(days=7)) == pending
    assert expire(pending, NOON + timedelta(days=6, hours=23)) == pending
    assert expire(pending, NOON + timedelta(days=7)) is None


def test_somebody_else_typed_the_address_and_nothing_stays():
    assert withdraw(ask(None, a_wish())) is None


def test_who_left_comes_back_by_a_new_yes_only():
    """
    Until it is confirmed they stay out; when it is not, the proof of the first time stays.
    """
    left = leave(a_reader(), NOON + timedelta(days=30))
    again = ask(left, a_wish(NOON + timedelta(days=31)))

    assert (left.state, again.state) == (State.LEFT, State.PENDING)
    assert expire(again, NOON + timedelta(days=40)) == left
    assert withdraw(again) == left
    assert confirm(again, NOON + timedelta(days=32)).consent.wish.at == NOON + timedelta(days=31)


def test_leaving_twice_keeps_the_first_moment():
    left = leave(a_reader(), NOON + timedelta(days=1))

    assert leave(left, NOON + timedelta(days=9)) == left


def test_who_called_us_spam_is_not_written_to_because_of_a_form():
    """
    A letter of theirs leads back all the same: only its reader can have it.
    """
    gone = suppress(a_reader(), State.COMPLAINED, TODAY, NOON)

    assert ask(gone, a_wish()) == gone
    assert ask(gone, a_wish(place=Place.GIFT)) == gone
    assert ask(gone, a_wish(place=Place.LETTER)).state is State.PENDING


def test_mail_that_comes_back_stops_letters_and_the_wish_for_them():
    assert suppress(a_reader(), State.BOUNCED, TODAY, NOON).state is State.BOUNCED
    assert suppress(ask(None, a_wish()), State.BOUNCED, TODAY, NOON).state is State.BOUNCED


def test_complaint_after_leaving_is_remembered():
    left = leave(a_reader(), NOON)

    assert suppress(left, State.BOUNCED, TODAY, NOON) == left
    assert suppress(left, State.COMPLAINED, TODAY, NOON).state is State.COMPLAINED


def test_old_news_says_nothing_about_a_newer_yes():
    """
    A mailbox that was full in September and has confirmed in November is in order.
    """
    assert suppress(a_reader(), State.BOUNCED, date(2026, 9, 1), NOON) == a_reader()
    assert suppress(a_reader(), State.COMPLAINED, date(2026, 11, 21), NOON) == a_reader()


@pytest.mark.parametrize(
    ("days", "enough"),
    [
        ([], False),
        (["2026-11-01", "2026-11-01", "2026-11-01"], False),
        (["2026-11-01", "2026-11-02"], False),
        (["2026-11-01", "2026-11-15", "2026-12-01"], True),
        (["2026-11-01", "2026-11-15", "2026-12-02"], False),
        (["2026-01-01", "2026-11-15", "2026-11-01", "2026-11-20"], True),
    ],
)
def test_full_mailbox_is_given_three_days_of_a_month(days, enough):
    assert bounces_for_good([date.fromisoformat(day) for day in days]) is enough


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="nobody ever asked"):
        Subscription()
    with pytest.raises(ValueError, match="no wish to confirm"):
        Subscription(wish=a_wish(), consent=Consent(a_wish(), NOON))


class Witness:
    """Remembers in the plainest way what somebody wanted last."""

    def __init__(self):
        self.asked_at = None
        self.agreed = self.complained = False

    def see(self, step, now, wished):
        match step:
            case "form" | "gift" | "letter" | "area":
                if not self.agreed and wished:
                    self.asked_at = now
            case "confirm":
                if self.asked_at and now - self.asked_at < timedelta(days=7):
                    self.agreed, self.asked_at = True, None
            case "leave" | "bounce" | "complain":
                self.agreed, self.asked_at = False, None
            case "withdraw":
                self.asked_at = None


STEPS = ["form", "gift", "letter", "area", "confirm", "withdraw", "leave", "bounce", "complain", "sweep"]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(min_value=0, max_value=24 * 9)), max_size=25
    )
)
def test_nobody_who_left_or_never_confirmed_is_ever_written_to(history):
    """
    Whatever happens in whatever order: a plain witness agrees about who receives letters.
    """
    subscription, witness, now = None, Witness(), NOON
    for step, hours in history:
        now += timedelta(hours=hours)
        if step in set(Place):
            subscription = ask(subscription, a_wish(now, Place(step)))
        elif subscription is not None:
            match step:
                case "confirm":
                    subscription = confirm(subscription, now)
                case "withdraw":
                    subscription = withdraw(subscription)
                case "leave":
                    subscription = leave(subscription, now)
                case "bounce":
                    subscription = suppress(subscription, State.BOUNCED, italian_day(now), now)
                case "complain":
                    subscription = suppress(subscription, State.COMPLAINED, italian_day(now), now)
                case "sweep":
                    subscription = expire(subscription, now)
        witness.see(step, now, subscription is not None and subscription.wish is not None)

        assert (subscription is not None and subscription.receives) is witness.agreed
        if subscription is not None:
            assert subscription.state in set(State)
            if subscription.receives:
                assert subscription.consent.confirmed_at - subscription.consent.wish.at < timedelta(
                    days=7
                )
            if subscription.ending:
                assert isinstance(subscription.ending, Ending)
                assert subscription.ending.why in {State.LEFT, State.BOUNCED, State.COMPLAINED}
