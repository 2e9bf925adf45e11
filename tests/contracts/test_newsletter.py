"""An issue of the newsletter: the site writes it, the giving sends it; neither knows the other's code."""

import datetime
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown import markdown

from fundraising.newsletter_issue import parse_issue
from fundraising.topics import LATEST, TOPICS, WORDINGS
from portal.readers.content import ContentReader
from portal.writers.newsletter import write_letter
from portal.writers.outputs import NEWSLETTER_SCHEMA

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def document() -> str:
    """The first issue of the real content, as the site writes it."""
    site = ContentReader(ROOT / "content", TODAY).read()
    [issue] = [issue for issue in site.issues if issue.number == 1]
    body = markdown("Care lettrici, cari lettori, **si apre**.")
    return write_letter(issue, site, body, "https://www.esempio.it", "a@esempio.invalid").json


def test_the_issue_keeps_to_its_schema(document):
    """The schema is published beside the site, for whoever else sends."""
    schema = json.loads(NEWSLETTER_SCHEMA.read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(document))


def test_the_giving_reads_the_issue_the_site_writes(document):
    """Number, words and both places for the reader's own links arrive."""
    issue = parse_issue(document.encode())

    assert issue.number == 1
    assert issue.subject == "Si apre: prendete una sedia"
    html, text = issue.for_reader(
        leave="https://dona.esempio.it/api/newsletter/leave/x",
        preferences="https://dona.esempio.it/api/newsletter/preferences/x",
    )
    for shape in (html, text):
        assert shape.count("https://dona.esempio.it/api/newsletter/leave/x") == 1
        assert shape.count("https://dona.esempio.it/api/newsletter/preferences/x") == 1
        assert ".invalid/" not in shape


def test_the_sites_form_offers_what_the_giving_knows():
    """Topics and words are declared by the giving; the site's own form repeats them."""
    form = (ROOT / "theme" / "partials" / "newsletter_form.html").read_text(encoding="utf-8")

    offered = re.findall(r'name="topic" value="([^"]+)"> <span>([^<]+?) <span', form)
    assert offered == [(topic.id, topic.title) for topic in TOPICS.values()]
    assert [topic.says in form for topic in TOPICS.values()] == [True] * len(TOPICS)
    assert f'name="wording" value="{LATEST}"' in form
    assert WORDINGS[LATEST] in form
    assert 'action="/api/newsletter"' in form
    assert "checked" not in form
