"""What Stripe keeps of a payment, in integer cents.

The figures are those of Stripe's European price list for consumer cards of the
European Economic Area, for SEPA direct debits and for disputes. They are for
rehearsing: the fee of a real gift is what its balance transaction says.
"""

CARD_PER_MILLE = 15
CARD_FIXED_CENTS = 25
SEPA_FIXED_CENTS = 35
DISPUTE_FEE_CENTS = 20_00


def payment_fee_cents(method: str, amount_cents: int) -> int:
    """Return the fee of a payment by `card` or `sepa_debit`, half a cent rounded up."""
    if method == "card":
        return (amount_cents * CARD_PER_MILLE + 500) // 1000 + CARD_FIXED_CENTS
    if method == "sepa_debit":
        return SEPA_FIXED_CENTS
    raise ValueError(f"no fee is known for payments by {method!r}")
