"""Cold start: answering a notification loads only what it needs."""

import subprocess
import sys


def modules_after(code):
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.split())


def test_handler_starts_without_what_only_pages_and_letters_need():
    loaded = modules_after("import fundraising.app, fundraising.bootstrap")

    for heavy in ("jinja2", "css_inline", "typst", "codicefiscale", "psycopg", "waitress"):
        assert heavy not in loaded
    assert "fundraising.sandbox" not in loaded


def test_sdk_is_known_to_one_module_only():
    """
    Everything else runs without it, so a change at Stripe stops at the gateway.
    """
    loaded = modules_after(
        "import fundraising.app, fundraising.worker, fundraising.thanks, fundraising.doctor"
    )

    assert "stripe" not in loaded


def test_function_that_takes_a_notification_starts_without_the_rest():
    """
    Stripe's SDK, the pages and their framework come with the first request for them.
    """
    loaded = modules_after(
        "import importlib; importlib.import_module('fundraising.entrypoints.lambda')"
    )

    for heavy in (
        "stripe",
        "werkzeug",
        "jinja2",
        "psycopg",
        "fundraising.app",
        "fundraising.reduce",
    ):
        assert heavy not in loaded
