"""Who may ask the editor anything, and what every answer carries."""

import datetime
import json

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from portal.admin.app import with_editor
from portal.admin.backend import Backend

HOST = "127.0.0.1:8000"
HERE = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
INFO = json.dumps({"action": "info"})


@pytest.fixture
def client(example):
    """A browser's requests to the preview, without the browser."""
    backend = Backend(example, f"http://{HOST}/", "/admin/api", lambda: datetime.date(2026, 11, 22))
    app = with_editor(Response("il sito"), backend, frozenset({HOST, "localhost:8000"}))
    return Client(app)


def ask(client, headers=HERE, data=INFO, content_type="application/json; charset=utf-8"):
    return client.post("/admin/api", headers=headers, data=data, content_type=content_type)


def test_a_page_of_this_address_is_answered(client):
    """Under either name of this machine."""
    other = {"Host": "localhost:8000", "Origin": "http://localhost:8000"}

    assert ask(client).json["type"] == "local_fs"
    assert ask(client, other).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {**HERE, "Origin": "https://altro.example"},
        {**HERE, "Origin": "null"},
        {**HERE, "Origin": "http://localhost:8000"},
        {**HERE, "Origin": f"https://{HOST}"},
        {**HERE, "Sec-Fetch-Site": "cross-site"},
        {**HERE, "Sec-Fetch-Site": "same-site"},
        {"Host": HOST},
        {"Host": "altro.example:8000", "Origin": "http://altro.example:8000"},
        {"Host": "127.0.0.1:9000", "Origin": "http://127.0.0.1:9000"},
    ],
)
def test_a_page_of_another_site_is_not(client, headers):
    """Any page that is open in the browser can send requests to this machine."""
    assert ask(client, headers).status_code == 403


def test_nor_is_its_form(client):
    """A form needs no leave of ours to be sent here; JSON it cannot send."""
    assert ask(client, content_type="text/plain").status_code == 415
    assert ask(client, content_type="application/x-www-form-urlencoded").status_code == 415


def test_a_foreign_name_that_leads_here_sees_nothing(client):
    """Not even the titles of the drafts in the configuration."""
    for path in ("/admin/", "/admin/config.json", "/admin/editor.js"):
        assert client.get(path, headers={"Host": "altro.example"}).status_code == 403


@pytest.mark.parametrize("data", ["", "{", "\xff", "[" * 100_000])
def test_what_is_no_question_is_refused_in_words(client, data):
    """The editor shows the answer to a person."""
    answer = ask(client, data=data.encode("latin-1"))

    assert answer.status_code in (400, 411)
    assert answer.json["error"] == "La richiesta non si capisce."


def test_too_much_is_refused_before_it_is_read(client):
    """The length is said first."""
    answer = client.post(
        "/admin/api",
        headers=HERE,
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "80000001"},
    )

    assert answer.status_code == 413


def test_a_refusal_reaches_the_editor(client):
    """As Decap reads it."""
    question = json.dumps({"action": "getEntry", "params": {"path": "../x.md"}})

    answer = ask(client, data=question)

    assert answer.status_code == 422
    assert "«../x.md»" in answer.json["error"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/admin/", "text/html"),
        ("/admin/editor.js", "text/javascript"),
        ("/admin/editor.css", "text/css"),
        ("/admin/decap-cms.js", "text/javascript"),
        ("/admin/config.json", "application/json"),
    ],
)
def test_every_part_carries_the_policy(client, path, kind):
    """What it may load and ask, that nobody frames it, and that no search engine keeps it."""
    answer = client.get(path, headers={"Host": HOST})

    assert answer.status_code == 200
    assert answer.mimetype == kind
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src 'self' blob:;" in policy
    assert "http" not in policy
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_rest_of_the_site_is_the_sites(client):
    """The editor stands beside it, with rules of its own."""
    answer = client.get("/administrare/", headers={"Host": "altro.example"})

    assert answer.text == "il sito"
    assert "Content-Security-Policy" not in answer.headers


def test_its_own_address_without_the_slash_leads_to_it(client):
    """As people type it."""
    assert client.get("/admin", headers={"Host": HOST}).headers["Location"].endswith("/admin/")


@pytest.mark.parametrize(
    "path", ["/admin/vendor/README.md", "/admin/../server.py", "/admin/app.py"]
)
def test_no_other_file_is_given(client, path):
    """There is a list, and no folder."""
    assert client.get(path, headers={"Host": HOST}).status_code == 404


def test_reading_is_all_a_page_can_do_elsewhere(client):
    """Writing has one door."""
    assert client.post("/admin/", headers=HERE).status_code == 405
    assert client.get("/admin/api", headers={"Host": HOST}).status_code == 405
