"""Shapes: from a kept object to the JSON a client of the API reads.

Every field that the SDK declares is there, as null when the rehearsal has
nothing to say, because code that trips over a null must trip here too.
"""

from functools import cache
from typing import Any

from stripe._object_classes import get_object_class

from fundraising.sandbox.account import Account
from fundraising.sandbox.balance import with_status
from fundraising.sandbox.errors import Refusal, not_rehearsed
from fundraising.sandbox.objects import Body

DEEPEST_EXPANSION = 4

# Fields that Stripe leaves out unless they are asked for with `expand`.
INCLUDABLE: dict[str, dict[str, tuple[str, str] | None]] = {
    "charge": {"refunds": ("refund", "charge")},
    "checkout.session": {"line_items": None},
    "customer": {"subscriptions": ("subscription", "customer")},
    "invoice": {"payments": ("invoice_payment", "invoice")},
}
NEVER = {"deleted", "sources", "tax_ids", "tax", "cash_balance", "invoice_credit_balance", "level3"}
REFERENCES = {
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "invoice",
    "latest_charge",
    "latest_invoice",
    "payment_intent",
    "source",
    "subscription",
}
# Stripe can expand these; the sandbox keeps only their ids.
NOT_KEPT = {"default_payment_method", "destination", "payment_method"}


def completed(account: Account, body: Body) -> Body:
    """Return the object with every declared field, without the sandbox's notes."""
    if body["object"] == "balance_transaction":
        body = with_status(body, account.now())
    if body["object"] == "dispute":
        body = {
            **body,
            "balance_transactions": [
                completed(account, account.read("balance_transaction", transaction_id))
                for transaction_id in body["balance_transactions"]
            ],
        }
    shown = {name: value for name, value in body.items() if not name.startswith("_")}
    declared = _declared_fields(body["object"])
    if "livemode" not in declared:  # refunds and balance transactions do not say it
        shown.pop("livemode", None)
    for name in declared:
        shown.setdefault(name, None)
    return shown


def expanded(account: Account, body: Body, paths: list[str]) -> Body:
    """Replace ids by the objects they name, along each dotted path."""
    for path in paths:
        names = path.split(".")
        if len(names) > DEEPEST_EXPANSION:
            raise Refusal(
                f"You cannot expand more than {DEEPEST_EXPANSION} levels of a property. "
                f"Property: {path}",
                param="expand",
            )
        _expand(account, body, names, path)
    return body


def listed(data: list[Body], url: str, has_more: bool = False) -> Body:
    """Return a list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def line_items(account: Account, session: Body) -> list[Body]:
    """Return the line items of a kept session."""
    return [completed(account, item) for item in session["_items"]]


def _expand(account: Account, body: Any, names: list[str], path: str) -> None:
    if isinstance(body, list):
        for element in body:
            _expand(account, element, names, path)
        return
    name, rest = names[0], names[1:]
    if name in INCLUDABLE.get(body.get("object", ""), {}) and name not in body:
        body[name] = _included(account, body, name)
    if name not in body:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    value = body[name]
    if isinstance(value, str):
        if name in NOT_KEPT:
            raise not_rehearsed(f"expand: {path}")
        target = account.store.find(value) if name in REFERENCES else None
        if target is None:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
        body[name] = value = completed(account, target)
    elif not rest and value is not None and not _is_expandable(body, name):
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if rest and value is not None:
        _expand(account, value, rest, path)


def _is_expandable(body: Body, name: str) -> bool:
    """Return whether a value that is no id may be asked for: it is there already."""
    included = INCLUDABLE.get(body.get("object", ""), {})
    return name in REFERENCES or name in included or name == "balance_transactions"


def _included(account: Account, body: Body, name: str) -> Body:
    relation = INCLUDABLE[body["object"]][name]
    if relation is None:
        session = account.read(body["object"], body["id"])
        return listed(
            line_items(account, session), f"/v1/checkout/sessions/{body['id']}/line_items"
        )
    kind, field = relation
    found = account.store.where(kind, field, body["id"])
    members = [completed(account, member) for member in found]
    return listed(members, f"/v1/{kind}s?{field}={body['id']}")


@cache
def _declared_fields(kind: str) -> tuple[str, ...]:
    hidden = NEVER | set(INCLUDABLE.get(kind, {}))
    declared = get_object_class("V1", kind).__annotations__
    return tuple(
        name
        for name in declared
        if name not in hidden and name.islower() and not name.startswith("_")
    )
