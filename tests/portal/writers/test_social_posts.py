"""Social posts: ready to paste, never too long, never of a person who did not say yes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.model.network import Network
from portal.writers.social_posts import SHORT, social_post, write_social_posts

from .builders import a_site, a_story, a_town

SITE_URL = "https://www.esempio.it/"
ADDRESS = "https://www.esempio.it/storie/2016-05-12-officina/"
NETWORK = Network(
    (),
    (
        a_town("rho", 9.04, 45.53, name="Rho"),
        a_town("settimo", 9.05, 45.48, name="Settimo Milanese"),
        a_town("pero", 9.08, 45.51),
        a_town("arese", 9.07, 45.55),
    ),
    (),
)


def words(least: int, most: int):
    """Any words an editor could write, of so many letters."""
    letters = st.characters(categories=("L", "N", "P", "Zs"))
    written = st.text(letters, min_size=least, max_size=most)
    return written.filter(lambda text: len(text.strip()) >= least)


def post(**fields):
    story = a_story(**fields)
    return social_post(story, a_site(stories=(story,), network=NETWORK), SITE_URL)


def test_short_post_is_title_description_address_and_our_name():
    assert post().short == (
        "L'officina che non chiude. Una bottega di biciclette diventa il posto dove ci si aiuta."
        f"\n\n{ADDRESS}\n#Oltreiperimetri"
    )


def test_description_that_does_not_fit_ends_at_a_word():
    short = post(description="Un racconto che si allunga. " * 8).short

    assert len(short) <= SHORT
    assert short.split("\n")[0].endswith("…")
    assert "racc…" not in short


def test_long_post_names_the_towns_as_tags():
    """A tag has no spaces."""
    long = post(towns=("rho", "settimo")).long

    assert long.endswith("#Oltreiperimetri #Rho #SettimoMilanese")
    assert f"con le sue fonti: {ADDRESS}" in long


def test_picture_is_said_in_words():
    said = post(towns=("rho",)).alt

    assert (
        said
        == "Su fondo giallo, il titolo «L'officina che non chiude»; sotto, 12 maggio 2016, Rho."
    )


@pytest.mark.parametrize(
    ("towns", "said"),
    [
        (("rho", "settimo", "pero"), "Rho, Settimo Milanese, Pero"),
        (("rho", "settimo", "pero", "arese"), "Rho, Settimo Milanese, Pero e altri"),
    ],
)
def test_more_than_three_towns_are_not_all_said(towns, said):
    """The picture has room for three."""
    assert post(towns=towns).alt.endswith(f"; sotto, 12 maggio 2016, {said}.")


def test_story_of_a_real_person_asks_to_look_at_the_consent_first():
    consent = {"kind": "scritto", "until": "2028-12-31"}

    told = post(real_person=True, consent=consent).as_text()

    assert told.startswith("== PRIMA DI PUBBLICARE ==")
    assert "PRIMA DI PUBBLICARE" not in post().as_text()


@given(title=words(2, 90), description=words(20, 240))
def test_short_post_never_runs_over_and_never_loses_its_address(title, description):
    short = post(title=title, description=description).short

    assert len(short) <= SHORT
    assert short.endswith(f"\n\n{ADDRESS}\n#Oltreiperimetri")


@pytest.mark.parametrize(
    "title",
    [
        "#OP",
        "Qualcuno che risponde: lo sportello Qui e Ora, tutte le sere, per chi è solo e non sa",
    ],
)
def test_picture_is_square_and_the_same_each_time(title):
    story = a_story(title=title, towns=("rho",))
    site = a_site(stories=(story,), network=NETWORK)

    first, second = (dict(write_social_posts([story], site, SITE_URL)) for _ in range(2))

    assert Image.open(io.BytesIO(first[f"{story.slug}.png"])).size == (1080, 1080)
    assert first == second
