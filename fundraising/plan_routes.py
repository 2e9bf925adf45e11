"""The plan's routes: a recurring gift, by the link in a letter.

Opening the page never stops or pays anything, because mail programs open links too:
each of these is a button. The address is the key, so the forms need no other.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from fundraising import plan_page
from fundraising.checkout import start_checkout
from fundraising.clock import italian_day
from fundraising.form import FormErrors, one_value
from fundraising.form_token import FIELD, intent_ids, read_token, write_token
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.plan_page import PlanView
from fundraising.routes import Routes, see


class PlanRoutes(Routes):
    """Answers for the endpoints that begin with «plan.»."""

    def show(self, request: Request, token: str) -> Response:
        """Show a plan as it is now at Stripe, or as we last knew it."""
        plan = self._plan(token)
        fresh = plan_page.refresh(self._parts, plan.id)
        return self._show_plan(token, self._plan(token), fresh=fresh)

    def stop(self, request: Request, token: str) -> Response:
        """End a plan. Doing it twice is the same as doing it once."""
        plan = self._plan(token)
        if plan.can_be_changed:
            plan_page.stop(self._parts, plan)
        return see(f"/api/plan/{token}")

    def card(self, request: Request, token: str) -> Response:
        """Lead to Stripe's page for another card; what is owed is paid on the way back."""
        plan = self._plan(token)
        if plan.customer_id is None or not plan.can_be_changed:
            return see(f"/api/plan/{token}")
        customer_id = plan.customer_id
        return self._lead_to(
            token,
            plan,
            lambda: self._parts.gateway.plans.open_portal(
                customer_id,
                configuration=self._parts.gateway.setup.find_portal(),
                return_url=f"{self._site_url}/api/plan/{token}",
            ),
        )

    def confirm(self, request: Request, token: str) -> Response:
        """Lead to Stripe's page for a payment the bank wants confirmed."""
        plan = self._plan(token)
        return self._lead_to(
            token, plan, lambda: self._parts.gateway.plans.page_to_confirm(plan.id)
        )

    def amount(self, request: Request, token: str) -> Response:
        """Open a checkout for another amount; the old plan ends when the new one is paid.

        A page opened for another amount before is closed: of two, both could be paid.
        """
        plan = self._plan(token)
        if not plan.can_be_changed:
            return see(f"/api/plan/{token}")
        form = self._read(request)
        typed = one_value(form, "amount")
        now = self._parts.clock()
        asked = plan_page.change_amount(
            plan,
            typed,
            self._parts.campaigns.read(),
            livemode=bool(self._livemode),
            today=italian_day(now),
        )
        if isinstance(asked, FormErrors):
            return self._show_plan(token, plan, errors=asked, typed=typed, status=422)
        # Two clicks are one gift; the same amount for another plan is another one.
        ids = intent_ids(
            self._parts.form_secret,
            form | {"plan": [plan.id]},
            read_token(self._parts.form_secret, one_value(form, FIELD), now=now),
            now=now,
        )

        def open_page() -> str:
            if paid := plan_page.close_other_pages(self._parts, plan, ids):
                return f"{self._site_url}/api/thanks?{urlencode({'session_id': paid})}"
            return start_checkout(
                self._parts.store,
                self._parts.gateway,
                asked,
                site_url=self._site_url,
                now=now,
                new_id=self._parts.new_id,
                ids=ids,
                # The form would begin another gift beside this one.
                back_url=f"{self._site_url}/api/plan/{token}",
            )

        return self._lead_to(token, plan, open_page)

    def _plan(self, token: str) -> PlanView:
        plan = plan_page.open_plan(self._parts, token)
        if plan is None:
            raise NotFound()
        return plan

    def _show_plan(
        self,
        token: str,
        plan: PlanView,
        *,
        status: int = 200,
        fresh: bool = True,
        errors: FormErrors | None = None,
        typed: str = "",
        unreachable: bool = False,
    ) -> Response:
        recipient = self._parts.campaigns.read().recipients.get(plan.recipient)
        return self._page(
            "plan.html",
            status,
            plan=plan,
            token=token,
            amount=typed or plan_page.gift_amount(plan),
            errors=errors or FormErrors({}),
            fresh=fresh,
            unreachable=unreachable,
            form_token=write_token(
                self._parts.form_secret, page=self._parts.new_id(), now=self._parts.clock()
            ),
            recipient=recipient.legal_name if recipient else None,
        )

    def _lead_to(self, token: str, plan: PlanView, find: Callable[[], str]) -> Response:
        """Send the donor to a page of Stripe's, or say that nothing has happened."""
        try:
            return see(find())
        except (StripeUnreachable, StripeRefused, UnknownObject):
            return self._show_plan(token, plan, status=503, unreachable=True)
