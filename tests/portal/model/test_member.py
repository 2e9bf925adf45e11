"""Members by what they signed as."""

from portal.model.member import Role


def test_a_role_reads_well_after_a_number():
    """
    «Capofila» and «partner» are the same for one and for many; who signed the agreement is not the agreement.
    """
    said = [f"{count} {role.said_of(count)}" for role in Role for count in (1, 32)]

    assert said == [
        "1 capofila",
        "32 capofila",
        "1 partner",
        "32 partner",
        "1 firmatario dell'accordo di rete",
        "32 firmatari dell'accordo di rete",
    ]
