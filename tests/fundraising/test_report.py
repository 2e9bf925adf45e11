"""The treasurer's page: figures that are those of the books, and nobody's name."""

import re
from datetime import date
from html.parser import HTMLParser

from fundraising.report.charts import Series, bar_chart, column_chart
from fundraising.report.figures import read_figures
from fundraising.report.page import write_page
from fundraising.totals import read_totals


def paid(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def figures_of(house, today=None):
    today = today or house.clock().date()
    return read_figures(house.parts.store, livemode=False, today=today)


def test_figures_are_those_of_the_books(house):
    first = paid(house)
    plan = house.give(frequency="month")
    subscription = house.sandbox.pay_by_card(plan)["subscription"]
    house.look("subscription", subscription)
    debit = house.give()
    house.sandbox.pay_by_sepa(debit)
    house.look("checkout.session", debit)
    house.sandbox.refund(first, 5_00)
    house.look("checkout.session", first)
    house.look("payout", house.sandbox.pay_out()["id"])
    figures = figures_of(house)

    [month] = figures.months
    assert (month.once_cents, month.recurring_cents) == (25_00, 25_00)
    assert (month.given_back_cents, month.fees_cents) == (5_00, 1_26)
    assert (month.plans_paying, month.plans_new, month.plans_lost) == (1, 1, 0)
    assert figures.campaigns == (("tetto", 2, 45_00),)
    assert (figures.net_cents, figures.on_its_way_cents) == (45_00, 25_00)
    assert [payout.cents for payout in figures.payouts] == [43_74]


def test_only_what_totals_call_pending_is_on_its_way(house, promise):
    """
    Of a debit on its way, a renewal refused, a gift in dispute and a promised transfer, one is
    money on its way, two are for somebody to follow, and one is a promise.
    """
    debit, disputed, plan = house.give(), house.give(amount="20"), house.give(frequency="month")
    house.sandbox.pay_by_sepa(debit)
    house.sandbox.pay_by_card(disputed)
    subscription = house.sandbox.pay_by_card(plan)["subscription"]
    house.sandbox.dispute(disputed)
    house.sandbox.renew(subscription, accepted=False)
    for session_id in (debit, disputed):
        house.look("checkout.session", session_id)
    house.look("subscription", subscription)
    promise(amount="30")
    figures = figures_of(house)
    page = write_page(figures, {}).replace("\N{NO-BREAK SPACE}", " ")

    totals = read_totals(house.parts.store, livemode=False, now=house.clock())
    assert figures.on_its_way_cents == totals["total"]["pending_cents"] == 25_00
    assert [row["origin"] for row in figures.on_its_way] == [debit]
    assert {row["state"] for row in figures.to_follow} == {"disputed", "retrying"}
    assert [row["state"] for row in figures.awaited] == ["announced"]
    assert "<b>25,00 €</b> in viaggio, in un dono</li>" in page
    assert "<b>2 doni</b> da seguire: non riusciti o contestati</li>" in page
    assert "Nessuno di questi è denaro in viaggio." in page


def test_plan_that_stops_is_lost_in_the_month_it_does_not_pay(house):
    plan = house.give(frequency="month")
    house.look("subscription", house.sandbox.pay_by_card(plan)["subscription"])
    now = house.clock()
    later = date(now.year + 1, now.month, 15)
    months = figures_of(house, later).months

    assert [one.plans_lost for one in months[:3]] == [0, 1, 0]
    assert len(months) == 13


def test_page_is_whole_private_and_names_nobody(house):
    paid(house)
    page = write_page(figures_of(house), {"tetto": "Un tetto <per> tutti"})

    for name in ("Anna", "Prova", "anna@example.org"):
        assert name not in page
    assert "PROVA: nessun denaro vero" in page
    assert "Un tetto &lt;per&gt; tutti" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="?http', page)
    assert page.count("<svg") == 4
    assert page.count("<svg") == page.count("<title>") - 1


class Balanced(HTMLParser):
    """Notices tags that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "line", "rect", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_of_empty_books_is_a_page_too(house):
    page = write_page(figures_of(house), {})
    reader = Balanced()
    reader.feed(page)

    assert reader.open == []
    assert "Nessun dono, per ora" in page


def test_columns_are_stacked_and_the_axis_is_in_whole_euros():
    chart = column_chart(
        "Doni", ["gen", "feb"], [Series("a", (10_00, 0), "first"), Series("b", (5_00, 90), "second")],
        "€",
    )  # fmt: skip
    rects = re.findall(r'<rect class="(\w+)"[^>]* height="([\d.]+)"', chart)

    assert [style for style, _height in rects] == ["first", "second", "second"]
    assert float(rects[0][1]) > float(rects[1][1]) > float(rects[2][1])
    assert ">15 €<" in chart or ">20 €<" in chart


def test_chart_without_values_is_empty_and_not_an_error():
    assert "<rect" not in column_chart("Doni", [], [Series("a", (), "first")], "€")
    assert "<rect" not in bar_chart("Campagne", [], "€")


def test_names_in_charts_are_never_markup():
    assert "<b>" not in bar_chart("<b>", [("<b>", 1)], "€")
