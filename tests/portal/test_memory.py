"""What a preview remembers between its builds."""

from portal.memory import Recent


def test_a_value_asked_for_in_every_build_stays():
    """However many builds go by."""
    recent: Recent[str] = Recent()
    recent.put("a", "uno")

    for _ in range(3):
        recent.end_of_build()
        assert recent.get("a") == "uno"


def test_a_value_nobody_asks_for_is_forgotten():
    """It waits one build long, and then goes: a preview that runs for days does not grow."""
    recent: Recent[str] = Recent()
    recent.put("a", "uno")

    recent.end_of_build()
    recent.end_of_build()

    assert recent.get("a") is None


def test_a_build_that_fails_forgets_nothing():
    """A slip in one file does not make the next build slow."""
    recent: Recent[str] = Recent()
    recent.put("a", "uno")
    recent.end_of_build()

    recent.put("b", "due")  # here the build fails, and the next one begins

    assert recent.get("a") == "uno"
