"""campaigns.json: read again when it changes, and never trusted when it is broken."""

import json
import os

import pytest

from fundraising.campaigns import BrokenCampaigns, CampaignsFile, parse_campaigns


def test_campaign_knows_its_recipient(write_campaigns):
    campaigns = CampaignsFile(write_campaigns()).read()

    assert campaigns.campaigns["tetto"].recipient.kind == "public_body"
    assert campaigns.campaigns["tetto"].recipient.tax is None


def test_example_collects_only_in_a_rehearsal(write_campaigns):
    campaigns = CampaignsFile(write_campaigns(example=True)).read()

    assert campaigns.campaigns["tetto"].takes_gifts(livemode=False)
    assert not campaigns.campaigns["tetto"].takes_gifts(livemode=True)


def test_closed_campaign_collects_nothing(write_campaigns):
    campaigns = CampaignsFile(write_campaigns(open=False, example=False)).read()

    assert campaigns.that_take_gifts(livemode=False) == []


def test_file_is_read_again_when_it_changes(write_campaigns):
    file = CampaignsFile(write_campaigns(title="Prima"))
    file.read()
    path = write_campaigns(title="Dopo il cambio")
    os.utime(path, (2_000_000_000, 2_000_000_000))

    assert file.read().campaigns["tetto"].title == "Dopo il cambio"


def test_broken_new_file_keeps_the_last_good_one(write_campaigns):
    """
    Giving does not stop because somebody saved half a file.
    """
    file = CampaignsFile(write_campaigns())
    file.read()
    file.path.write_text('{"version": 1, "camp', encoding="utf-8")

    assert "tetto" in file.read().campaigns
    assert "JSON" in file.problems[0]
    assert "tetto" in file.read().campaigns


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"[]", b"null", b'{"version": 2}', b""])
def test_file_that_is_no_campaigns_document_is_a_problem(tmp_path, content):
    path = tmp_path / "campaigns.json"
    path.write_bytes(content)
    file = CampaignsFile(path)

    assert not file.read().campaigns
    assert len(file.problems) == 1


def test_missing_file_is_a_problem_until_it_comes(tmp_path, write_campaigns):
    file = CampaignsFile(tmp_path / "campaigns.json")

    assert not file.read().campaigns
    assert "non si può leggere" in file.problems[0]

    write_campaigns()

    assert "tetto" in file.read().campaigns
    assert file.problems == []


def test_every_problem_is_told_at_once():
    document = {
        "version": 1,
        "currency": "usd",
        "campaigns": [{"id": "a", "recipient": "nobody"}, {"id": "b"}],
        "recipients": [{"id": "c", "kind": "company"}],
    }

    with pytest.raises(BrokenCampaigns) as broken:
        parse_campaigns(json.dumps(document))

    assert len(broken.value.problems) == 4
    assert any("«a»" in problem or "campagna a" in problem for problem in broken.value.problems)
