"""robots.txt and security.txt: what machines and honest finders of faults look for."""

import datetime
from urllib.robotparser import RobotFileParser

import pytest

from portal.writers.robots_txt import write_robots
from portal.writers.security_txt import write_security_txt

SITE_URL = "https://www.esempio.it/"
TODAY = datetime.date(2026, 11, 22)


def test_everything_may_be_read_but_the_answers_of_the_giving():
    robots = RobotFileParser()

    robots.parse(write_robots(SITE_URL).decode().splitlines())

    assert robots.can_fetch("Googlebot", f"{SITE_URL}storie/")
    assert not robots.can_fetch("Googlebot", f"{SITE_URL}api/donate")
    assert robots.site_maps() == ["https://www.esempio.it/sitemap.xml"]


def test_security_txt_names_the_contact_and_a_day_within_the_year():
    [(path, content)] = write_security_txt(
        "https://www.esempio.it/contatti/", TODAY, SITE_URL
    ).items()

    assert path == ".well-known/security.txt"
    assert content.decode() == (
        "Contact: https://www.esempio.it/contatti/\n"
        "Expires: 2027-11-01T00:00:00Z\n"
        "Preferred-Languages: it, en\n"
        "Canonical: https://www.esempio.it/.well-known/security.txt\n"
    )


@pytest.mark.parametrize("today", [datetime.date(2028, 2, 29), datetime.date(2026, 12, 31)])
def test_security_txt_is_good_for_less_than_a_year_and_more_than_ten_months(today):
    content = write_security_txt("mailto:sicurezza@esempio.it", today, SITE_URL)

    expires = content[".well-known/security.txt"].decode().split("Expires: ")[1][:10]
    assert 300 < (datetime.date.fromisoformat(expires) - today).days <= 365


def test_without_a_contact_there_is_no_security_txt():
    """One that leads nowhere is worse than none."""
    assert write_security_txt(None, TODAY, SITE_URL) == {}


@pytest.mark.parametrize(
    "contact", ["sicurezza@esempio.it", "", "http://esempio.it/", "mailto:a b"]
)
def test_contact_that_is_no_uri_is_refused(contact):
    with pytest.raises(ValueError, match="not a contact"):
        write_security_txt(contact, TODAY, SITE_URL)
