"""The figures of a campaign, brought up to date in the browser: they read as those the site wrote."""

from portal.writers.formats import euros


def test_sums_and_days_are_written_as_on_the_page(browser, site_url):
    """Thousands, cents, what was given back; the day in the reader's own time."""
    context = browser.new_context(timezone_id="Europe/Rome")
    page = context.new_page()
    page.goto(f"{site_url}/sostieni/")
    sums = [0, 5, 100, 25_50, 1_250_00, 1_234_567_89, -3_00]

    shown = page.evaluate("(sums) => sums.map(euros)", sums)
    days = page.evaluate("['2026-11-22T22:30:00+00:00', '2026-11-22T23:30:00Z'].map(day)")

    assert shown == [euros(cents) for cents in sums]
    assert days == ["22 novembre 2026", "23 novembre 2026"]
    context.close()


def test_totals_newer_than_the_page_are_shown(browser, site_url):
    """The host's totals tell of one gift of 25 euros; the page was built before it."""
    page = browser.new_page()

    page.goto(f"{site_url}/campagne/colazione-delle-mamme/")

    page.locator("[data-progress=confirmed]").get_by_text("25\u00a0€").wait_for()
    assert page.locator("[data-progress=gifts]").inner_text() == "1"
    page.close()
