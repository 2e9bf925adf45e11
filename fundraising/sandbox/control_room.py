"""The control room: what happened in the rehearsal, and buttons to go on.

Each row offers only what is possible in its state.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundraising.sandbox import wording
from fundraising.sandbox.balance import balance
from fundraising.sandbox.checkout import session_of_intent
from fundraising.sandbox.objects import Body

if TYPE_CHECKING:
    from fundraising.sandbox.sandbox import Sandbox

ROWS = 50
SETTLED, WAITING, BROKEN = "done", "waiting", "broken"


@dataclass(frozen=True)
class Button:
    """A form with one button; *amount* asks for an optional amount."""

    label: str
    address: str
    amount: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the control room: a title, a state and what can be done."""

    id: str
    title: str
    state: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...] = ()
    link: str | None = None


@dataclass(frozen=True)
class ControlRoom:
    """Everything the page shows, newest first."""

    payments: list[Row]
    sessions: list[Row]
    subscriptions: list[Row]
    notifications: list[Row]
    available: str
    pending: str
    payouts: list[Row]


def look(sandbox: "Sandbox") -> ControlRoom:
    """Gather what the control room shows."""
    store = sandbox.account.store
    money = balance(sandbox.account)
    return ControlRoom(
        payments=[_payment(sandbox, intent) for intent in store.all("payment_intent", ROWS)],
        sessions=[
            _session(session)
            for session in store.where("checkout.session", "status", "open")[:ROWS]
        ],
        subscriptions=[_subscription(each) for each in store.all("subscription", ROWS)],
        notifications=[_notification(each) for each in sandbox.notifier.recent()],
        available=wording.euros(money["available"][0]["amount"]),
        pending=wording.euros(money["pending"][0]["amount"]),
        payouts=[_payout(payout) for payout in store.all("payout", 10)],
    )


def _payment(sandbox: "Sandbox", intent: Body) -> Row:
    store = sandbox.account.store
    session = session_of_intent(sandbox.account, intent["id"])
    charge = store.find(intent["latest_charge"]) if intent["latest_charge"] else None
    dispute = next(iter(store.where("dispute", "payment_intent", intent["id"])), None)
    facts = [("Quando", wording.moment(intent["created"]))]
    if charge:
        facts.append(("Come", wording.METHODS[charge["payment_method_details"]["type"]]))
        if charge["billing_details"]["email"]:
            facts.append(("E-mail", charge["billing_details"]["email"]))
    facts.append(("Codice", intent["id"]))
    name = session["_items"][0]["description"] if session else "rinnovo di un sostegno"
    state, tone = _payment_state(intent, charge, dispute)
    return Row(
        id=intent["id"],
        title=f"{wording.euros(intent['amount'])} · {name}",
        state=state,
        tone=tone,
        facts=tuple(facts),
        buttons=_payment_buttons(intent, charge, dispute),
    )


def _payment_state(intent: Body, charge: Body | None, dispute: Body | None) -> tuple[str, str]:
    if intent["status"] == "requires_action":
        return "aspetta la conferma di chi dona", WAITING
    if charge is None:
        return "non ancora tentato", WAITING
    if intent["status"] == "processing":
        return "in attesa della banca", WAITING
    if intent["status"] == "requires_payment_method":
        by_card = charge["failure_code"] == "card_declined"
        return ("carta rifiutata" if by_card else "respinto dalla banca"), BROKEN
    if dispute:
        tone = SETTLED if dispute["status"] == "won" else BROKEN
        return wording.DISPUTE_STATES[dispute["status"]], tone
    if charge["refunded"]:
        return "rimborsato", BROKEN
    if charge["amount_refunded"]:
        return f"rimborsato in parte: {wording.euros(charge['amount_refunded'])}", WAITING
    if not charge["balance_transaction"]:
        return "riuscito, commissione non ancora nota", WAITING
    return "riuscito", SETTLED


def _payment_buttons(intent: Body, charge: Body | None, dispute: Body | None) -> tuple[Button, ...]:
    at = f"pagamenti/{intent['id']}"
    if intent["status"] == "processing":
        return (Button("Accredita", f"{at}/accredita"), Button("Respingi", f"{at}/respingi"))
    if intent["status"] != "succeeded" or charge is None:
        return ()
    buttons = []
    if not charge["balance_transaction"]:
        buttons.append(Button("Registra la commissione", f"{at}/commissione"))
    if dispute and dispute["status"] == "needs_response":
        disputed = f"contestazioni/{dispute['id']}"
        buttons.append(Button("Contestazione vinta", f"{disputed}/vinta"))
        buttons.append(Button("Contestazione persa", f"{disputed}/persa"))
    if not charge["disputed"] and not charge["refunded"]:
        buttons.append(Button("Rimborsa", f"{at}/rimborsa", amount=True))
        buttons.append(Button("Contesta", f"{at}/contesta"))
    return tuple(buttons)


def _session(session: Body) -> Row:
    return Row(
        id=session["id"],
        title=f"{wording.euros(session['amount_total'])} · {session['_items'][0]['description']}",
        state="aperta",
        tone=WAITING,
        facts=(
            ("Quanto spesso", wording.interval(session)),
            ("Scade", wording.moment(session["expires_at"])),
            ("Codice", session["id"]),
        ),
        buttons=(Button("Fai scadere", f"sessioni/{session['id']}/scaduta"),),
        link=f"paga/{session['id']}",
    )


def _subscription(subscription: Body) -> Row:
    item = subscription["items"]["data"][0]
    at = f"sostegni/{subscription['id']}"
    alive = subscription["status"] != "canceled"
    every = wording.INTERVALS[item["price"]["recurring"]["interval"]]
    state = wording.SUBSCRIPTION_STATES[subscription["status"]]
    if alive and subscription["cancel_at_period_end"]:
        state += ", finisce con il periodo"
    return Row(
        id=subscription["id"],
        title=f"{wording.euros(item['price']['unit_amount'] * item['quantity'])} {every}",
        state=state,
        tone={"active": SETTLED, "past_due": WAITING}.get(subscription["status"], BROKEN),
        facts=(
            ("Dal", wording.moment(subscription["start_date"])),
            ("Prossimo rinnovo", wording.moment(item["current_period_end"])),
            ("Codice", subscription["id"]),
        ),
        buttons=(
            Button("Rinnova", f"{at}/rinnova"),
            Button("Rinnovo rifiutato", f"{at}/rifiuta"),
            Button("Rinnovo da confermare", f"{at}/conferma"),
            Button("Smetti dopo troppi rifiuti", f"{at}/rinuncia"),
            Button("Annulla", f"{at}/annulla"),
        )
        if alive
        else (),
    )


def _notification(delivery: Body) -> Row:
    tone = {"delivered": SETTLED, "waiting": WAITING, "refused": WAITING}
    facts = [("Riguarda", delivery["subject"]), ("Quando", wording.moment(delivery["created"]))]
    if answer := delivery["answer"]:
        told = answer if answer.isdigit() else "nessuna"
        facts.append(("Ultima risposta", f"{told}, tentativi: {delivery['attempts']}"))
    return Row(
        id=delivery["id"],
        title=delivery["type"],
        state=wording.DELIVERY_STATES[delivery["state"]],
        tone=tone.get(delivery["state"], BROKEN),
        facts=tuple(facts),
    )


def _payout(payout: Body) -> Row:
    return Row(
        id=payout["id"],
        title=wording.euros(payout["amount"]),
        state="sul conto",
        tone=SETTLED,
        facts=(("Quando", wording.moment(payout["created"])), ("Codice", payout["id"])),
    )
