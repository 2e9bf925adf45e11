"""Settings: all that is wrong is named at once; a rehearsal never passes for real."""

import os
import tempfile

import pytest

from fundraising.settings import BadSettings, read_settings

STRIPE = {
    "SITE_URL": "https://www.example.org",
    "CAMPAIGNS_FILE": "campaigns.json",
    "DATABASE_URL": "postgresql://books.example.org/books",
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "MAIL_FROM": "donazioni@example.org",
    "SMTP_URL": "smtps://mail.example.org",
}


def problems_of(environment, **options):
    with pytest.raises(BadSettings) as bad:
        read_settings(environment, **options)
    return "; ".join(bad.value.problems)


def test_rehearsal_needs_only_the_campaigns():
    settings = read_settings({"CAMPAIGNS_FILE": "campaigns.json"}, port=8123)

    assert settings.is_embedded
    assert settings.site_url == "http://127.0.0.1:8123"
    assert settings.database_url == "sqlite:///.portal/rehearsal.sqlite3"
    assert settings.letters_folder.name == "letters"


def test_real_stripe_is_read():
    settings = read_settings(STRIPE | {"STRIPE_WEBHOOK_SECRET": "whsec_1, whsec_2"})

    assert settings.stripe_webhook_secrets == ("whsec_1", "whsec_2")
    assert settings.checkout_origin == "https://checkout.stripe.com"
    assert settings.letters_folder is None


def test_every_missing_variable_is_named_at_once():
    found = problems_of({"STRIPE_SECRET_KEY": "sk_test_1", "DATABASE_URL": "postgresql://x/x"})

    for name in ("CAMPAIGNS_FILE", "SITE_URL", "STRIPE_WEBHOOK_SECRET", "MAIL_FROM"):
        assert name in found


def test_every_bad_variable_is_named_at_once():
    found = problems_of(
        {
            "CAMPAIGNS_FILE": "campaigns.json",
            "SITE_URL": "www.example.org",
            "DATABASE_URL": "mysql://x",
            "MAIL_FROM": "nobody",
            "SMTP_URL": "mail.example.org",
            "STRIPE_SECRET_KEY": "pk_test_1",
            "STRIPE_WEBHOOK_SECRET": "secret",
            "STRIPE_API_BASE": "localhost",
        }
    )

    for name in (
        "SITE_URL", "DATABASE_URL", "MAIL_FROM", "SMTP_URL", "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE",
    ):  # fmt: skip
        assert name in found


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1"])
def test_live_key_talks_to_stripe_and_to_nobody_else(key):
    changed = {"STRIPE_SECRET_KEY": key, "STRIPE_API_BASE": "http://127.0.0.1:9"}

    assert "STRIPE_API_BASE" in problems_of(STRIPE | changed)


def test_real_money_needs_https_and_a_mail_server():
    found = problems_of(STRIPE | {"SITE_URL": "http://www.example.org", "SMTP_URL": ""})

    assert "SITE_URL" in found
    assert "SMTP_URL" in found


@pytest.mark.parametrize(
    ("site_url", "host"),
    [("https://www.example.org", "127.0.0.1"), ("http://127.0.0.1:8000", "0.0.0.0")],
)
def test_sandbox_is_shown_to_others_only_when_asked_by_name(site_url, host):
    """
    No public site ever takes pretended gifts for real ones.
    """
    environment = {"CAMPAIGNS_FILE": "campaigns.json", "SITE_URL": site_url}

    assert "--rehearsal" in problems_of(environment, host=host)
    assert read_settings(environment, host=host, rehearsal=True).is_embedded


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_may_always_rehearse(host):
    environment = {"CAMPAIGNS_FILE": "campaigns.json"}

    assert read_settings(environment, host=host).is_embedded


def test_sqlite_on_a_function_is_refused():
    """
    The disk of a function is thrown away, and the books with it.
    """
    changed = {"DATABASE_URL": "sqlite:////tmp/b.sqlite3", "AWS_LAMBDA_FUNCTION_NAME": "f"}

    assert "thrown away" in problems_of(STRIPE | changed)


@pytest.mark.parametrize("scraps", [tempfile.gettempdir(), "/dev/shm"])
def test_default_books_in_a_folder_for_scraps_are_refused(scraps, monkeypatch):
    if not os.path.isdir(scraps):
        pytest.skip(f"this system has no {scraps}")
    with tempfile.TemporaryDirectory(dir=scraps) as folder:
        monkeypatch.chdir(folder)

        assert "thrown away" in problems_of(STRIPE | {"DATABASE_URL": ""})
        assert read_settings(STRIPE | {"DATABASE_URL": f"sqlite:///{folder}/b.sqlite3"})
        monkeypatch.undo()


def test_secrets_are_not_in_the_repr():
    """
    Settings end up in logs and tracebacks sooner or later.
    """
    text = repr(read_settings(STRIPE | {"DATABASE_URL": "postgresql://me:hush@db/x"}))

    for secret in ("sk_live_1", "whsec_1", "hush", "smtps"):
        assert secret not in text


def test_answers_to_the_newsletter_go_to_a_person():
    """
    One bare address, as a header and a mailto: link need it; without it the sender's.
    """
    assert (
        read_settings(STRIPE | {"MAIL_FROM": "Oltre <dona@example.org>"}).reply_to
        == "dona@example.org"
    )
    named = read_settings(STRIPE | {"NEWSLETTER_REPLY_TO": "redazione@example.org"})
    assert named.reply_to == "redazione@example.org"
    wrong = STRIPE | {"NEWSLETTER_REPLY_TO": "Redazione <redazione@example.org>"}
    assert problems_of(wrong) == "NEWSLETTER_REPLY_TO is not a bare e-mail address"
