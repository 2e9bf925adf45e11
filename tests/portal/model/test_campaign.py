"""A campaign: an address one can say aloud, an account one can trust."""

import pytest
from pydantic import ValidationError

from tests.portal.writers.builders import a_campaign, a_recipient


def test_short_address_is_the_one_the_editor_chose():
    assert a_campaign(short="mamme").short_url == "d/mamme/"


def test_campaign_without_a_short_name_has_a_short_address_all_the_same():
    """Every campaign can be printed."""
    assert a_campaign("colazione-delle-mamme").short_url == "d/colazione-delle-mamme/"


@pytest.mark.parametrize(
    "written", ["GB82WEST12345698765432", "gb82 west 1234 5698 7654 32", " GB82 WEST12345698765432"]
)
def test_account_reads_in_fours_however_it_was_copied(written):
    """The example of the standard's registry."""
    assert a_recipient(iban=written).iban == "GB82 WEST 1234 5698 7654 32"


def test_the_shortest_account_there_is_is_one():
    """A Norwegian's has fifteen characters, as the standard's registry writes it."""
    assert a_recipient(iban="NO9386011117947").iban == "NO93 8601 1117 947"


@pytest.mark.parametrize(
    "wrong",
    ["GB83WEST12345698765432", "GB82WEST1234569876543", "GB82WEST1234569876542 3", "82GBWEST", "", "²²²²²²²²²²²²²²²²"],
)  # fmt: skip
def test_account_whose_digits_do_not_add_up_is_refused(wrong):
    """One digit wrong, or two exchanged, and the money of a donor goes elsewhere."""
    with pytest.raises(ValidationError, match="l'IBAN non torna"):
        a_recipient(iban=wrong)
