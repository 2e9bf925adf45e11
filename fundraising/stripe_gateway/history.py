"""Stripe's history: lists of what happened, for the treasurer, and refunds.

The gateway looks at one object at a time; this asks for many, page after page.
It is handed the gateway's client and loaded only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundraising.gateway import StripeRefused
from fundraising.stripe_gateway.client import answers

_PAGE = 100


@dataclass(frozen=True)
class Touched:
    """An object to look at, unless the books already know all of *movements*.

    *status* is Stripe's own word where it has one.
    """

    kind: str
    id: str
    status: str = ""
    movements: tuple[str, ...] = ()


@dataclass(frozen=True)
class BalanceEntry:
    """One balance transaction, in cents."""

    id: str
    kind: str
    net_cents: int
    created: int


@dataclass(frozen=True)
class Payout:
    """A payout; only the entries of an automatic one can be listed."""

    id: str
    amount_cents: int
    status: str
    automatic: bool
    created: int


class StripeHistory:
    """What happened in one Stripe account."""

    def __init__(self, client: Any) -> None:
        self._v1 = client.v1

    def touched_since(self, since: datetime | None) -> Iterator[Touched]:
        """List what was made since a moment, or ever: what may have changed our books.

        Every movement of money is a balance transaction of its own, so an old object
        that moves money today is found as well.
        """
        window = _window(since)
        with answers():
            for session in _all(self._v1.checkout.sessions.list, window):
                yield Touched("checkout.session", session.id, session.status or "")
            for invoice in _all(self._v1.invoices.list, window):
                yield Touched("invoice", invoice.id, invoice.status or "")
            for refund in _all(self._v1.refunds.list, window):
                moved = (
                    refund.balance_transaction,
                    getattr(refund, "failure_balance_transaction", None),
                )
                yield Touched("refund", refund.id, refund.status or "", _ids(moved))
            for dispute in _all(self._v1.disputes.list, window):
                moved = tuple(dispute.balance_transactions)
                yield Touched("dispute", dispute.id, dispute.status, _ids(moved))
            expanded = {**window, "expand": ["data.source"]}
            for entry in _all(self._v1.balance_transactions.list, expanded):
                source = entry.source
                if source is None or isinstance(source, str):
                    yield Touched("balance_transaction", entry.id, movements=(entry.id,))
                else:
                    yield Touched(source.object, source.id, movements=(entry.id,))

    def plans(self) -> Iterator[tuple[str, str, bool]]:
        """List every plan: its id, its status, and whether it ends with its period."""
        with answers():
            for plan in _all(self._v1.subscriptions.list, {"status": "all"}):
                yield plan.id, plan.status, plan.cancel_at_period_end

    def entries(self, *, payout: str | None = None) -> Iterator[BalanceEntry]:
        """List the balance transactions, all or those of one automatic payout."""
        chosen = {"payout": payout} if payout else {}
        with answers():
            for entry in _all(self._v1.balance_transactions.list, chosen):
                yield BalanceEntry(entry.id, entry.type, entry.net, entry.created)

    def payouts(self) -> Iterator[Payout]:
        """List every payout, newest first."""
        with answers():
            for payout in _all(self._v1.payouts.list, {}):
                yield Payout(
                    payout.id, payout.amount, payout.status, payout.automatic, payout.created
                )

    def refund(self, payment_id: str, amount_cents: int, *, key: str, donation: str) -> str:
        """Give money back and return the refund's id; the same *key* gives it back once."""
        with answers():
            refund = self._v1.refunds.create(
                {
                    "payment_intent": payment_id,
                    "amount": amount_cents,
                    "metadata": {"donation": donation},
                },
                {"idempotency_key": key},
            )
        if not isinstance(refund.id, str):
            raise StripeRefused("a refund came without an id")
        return refund.id


def _all(listing: Any, parameters: dict[str, Any]) -> Iterator[Any]:
    return iter(listing({**parameters, "limit": _PAGE}).auto_paging_iter())


def _window(since: datetime | None) -> dict[str, Any]:
    return {"created": {"gte": int(since.timestamp())}} if since else {}


def _ids(things: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else one.id for one in things if one)
