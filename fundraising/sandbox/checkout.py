"""Checkout: what a donor does with a session, and what comes of it.

`complete` says the donor is done, `payment_status` says whether money came:
a SEPA debit completes as `unpaid`.
"""

from fundraising.sandbox import customers, payments, subscriptions
from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import Refusal
from fundraising.sandbox.objects import Body


def pay_by_card(account: Account, session: Body, email: str | None = None) -> Body:
    """Let the donor pay with a card that works."""
    _must_be_open(session)
    _note_donor(account, session, email)
    customer = _payer(account, session)
    intent = _intent(account, session, customer)
    payments.succeed_by_card(account, intent, _email(session))
    if session["mode"] == "subscription":
        subscriptions.start_subscription(account, session, intent)
    _complete(account, session, intent, paid=True)
    charge = account.read("charge", intent["latest_charge"])
    if charge["balance_transaction"]:
        account.announce("charge.updated", charge)
    return session


def decline_card(account: Account, session: Body, email: str | None = None) -> Body:
    """Let the donor try a card that is refused; the session stays open."""
    _must_be_open(session)
    _note_donor(account, session, email)
    intent = _intent(account, session, None)
    payments.decline_card(account, intent, _email(session))
    shown = intent["id"] if session["mode"] == "payment" else None
    return account.change(session, payment_intent=shown)


def pay_by_sepa(account: Account, session: Body, email: str | None = None) -> Body:
    """Let the donor sign a SEPA debit: complete, and still unpaid."""
    _must_be_open(session)
    _note_donor(account, session, email)
    customer = _payer(account, session)
    intent = _intent(account, session, customer)
    payments.start_sepa(account, intent, _email(session))
    if session["mode"] == "subscription":
        subscriptions.start_subscription(account, session, intent)
    return _complete(account, session, intent, paid=False)


def debit_settled(account: Account, session: Body) -> Body:
    """Note that the debit a session was waiting for has arrived."""
    account.change(session, payment_status="paid")
    account.announce("checkout.session.async_payment_succeeded", session)
    return session


def debit_failed(account: Account, session: Body) -> Body:
    """Note that the debit a session was waiting for came back."""
    account.announce("checkout.session.async_payment_failed", session)
    return session


def expire_session(account: Account, session: Body) -> Body:
    """End an open session; nobody can pay it any more."""
    if session["status"] != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    account.change(session, status="expired", url=None)
    account.announce("checkout.session.expired", session)
    return session


def expire_overdue(account: Account) -> None:
    """End every open session whose time is over."""
    now = account.now()
    for session in account.store.where("checkout.session", "status", "open"):
        if session["expires_at"] <= now:
            expire_session(account, session)


def return_address(session: Body) -> str:
    """Return where the donor goes after paying."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def session_of_intent(account: Account, intent_id: str) -> Body | None:
    """Return the session that opened a payment intent, if one did."""
    return next(iter(account.store.where("checkout.session", "_intent", intent_id)), None)


def _complete(account: Account, session: Body, intent: Body, *, paid: bool) -> Body:
    account.change(
        session,
        status="complete",
        payment_status="paid" if paid else "unpaid",
        payment_intent=intent["id"] if session["mode"] == "payment" else None,
        url=None,
    )
    account.announce("checkout.session.completed", session)
    return session


def _intent(account: Account, session: Body, customer: Body | None) -> Body:
    if session["_intent"]:
        intent = account.read("payment_intent", session["_intent"])
        if customer:
            account.change(intent, customer=customer["id"])
        return intent
    data = session["_payment_intent_data"]
    intent = payments.open_intent(
        account,
        amount_cents=session["amount_total"],
        customer=customer["id"] if customer else None,
        description=(
            "Subscription creation" if session["mode"] == "subscription" else data["description"]
        ),
        metadata=data["metadata"],
        statement_descriptor_suffix=data.get("statement_descriptor_suffix"),
    )
    account.change(session, _intent=intent["id"])
    return intent


def _payer(account: Account, session: Body) -> Body | None:
    if session["customer"]:
        return account.read("customer", session["customer"])
    if session["customer_creation"] != "always":
        return None
    customer = customers.create_customer(account, {"email": _email(session)})
    account.change(session, customer=customer["id"])
    return customer


def _note_donor(account: Account, session: Body, email: str | None) -> None:
    customer = account.store.find(session["customer"]) if session["customer"] else None
    known = session["customer_email"] or (customer or {}).get("email") or email
    account.change(
        session,
        customer_details={
            "address": {
                "city": None,
                "country": "IT",
                "line1": None,
                "line2": None,
                "postal_code": None,
                "state": None,
            },
            "business_name": None,
            "email": known,
            "individual_name": None,
            "name": None,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    )


def _email(session: Body) -> str | None:
    email: str | None = session["customer_details"]["email"]
    return email


def _must_be_open(session: Body) -> None:
    if session["status"] != "open":
        raise Refusal(f"Checkout Session {session['id']} is {session['status']}, not open.")
