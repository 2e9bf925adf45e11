"""The gateway to Stripe: the only package that knows its SDK.

Requests go out with retries, a timeout and no telemetry; answers are translated
into our facts here, so that a change at Stripe stops at this folder.
"""

from fundraising.stripe_gateway.gateway import StripeGateway

__all__ = ["StripeGateway"]
