"""A stand-in for Stripe to rehearse gifts with: no money ever moves here."""

from fundraising.sandbox.errors import Refusal
from fundraising.sandbox.sandbox import Sandbox

__all__ = ["Refusal", "Sandbox"]
