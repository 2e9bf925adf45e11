"""The draft of a story: whatever the old post was, its front matter is read back as a story."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.importing.export_entry import Entry, EntryKind
from portal.importing.pictures import Pictures
from portal.importing.story_draft import StoryDraft, draft_story
from portal.model.story import Story
from portal.readers.document import Document, read_page_text

# What XML lets through (https://www.w3.org/TR/xml/#charsets).
XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="".join(map(chr, range(32))) + "\ufffe\uffff")
)  # fmt: skip


def a_draft(
    title="Le zucche", html="<p>Testo</p>", address="http://v.invalid/zucche/"
) -> StoryDraft:
    """The draft of a post that is plain but for what the test is about."""
    entry = Entry(EntryKind.POST, title, html, "2020-03-07", address, (), 1)
    return draft_story(
        entry, "2020-03-07-zucche", "st-2020-001", ({}, ()), Pictures(None), str, "Il vecchio blog"
    )


def read_back(draft: StoryDraft) -> Story:
    """The story as the site reads it."""
    document = read_page_text("storia.md", draft.text)
    assert isinstance(document, Document), document
    return Story.model_validate({**document.data, "slug": draft.stem})


@settings(deadline=None, max_examples=80)
@given(title=XML_TEXT, html=XML_TEXT, address=XML_TEXT)
def test_whatever_a_post_holds_its_draft_is_a_story(title, html, address):
    """Quotes, colons, hashes, control characters, half addresses: the front matter still reads."""
    draft = a_draft(" ".join(title.split()), html, f"http://v.invalid/{address}")

    assert read_back(draft).status == "draft"


def test_the_description_is_the_first_sentences_that_fit():
    """Whole sentences, without headings, marks, link addresses and places of pictures."""
    html = (
        "<h2>Un titolo</h2><img src='http://v.invalid/a.jpg' alt='Noi'>"
        "<p><b>Siamo</b> andati <a href='http://v.invalid/b'>all'orto</a>. C'era il sole!</p>"
        f"<p>{'Poi una frase che non finisce ' * 9}.</p>"
    )

    assert read_back(a_draft(html=html)).description == "Siamo andati all'orto. C'era il sole!"


def test_a_long_title_is_cut_between_words_and_told():
    """Ninety characters at most; the whole of it is in the report."""
    draft = a_draft(title="parola " * 20 + "ultima")

    assert read_back(draft).title == "parola " * 11 + "parola…"
    assert draft.notes[0].startswith("il titolo era troppo lungo e l'ho accorciato. Era: parola")


def test_a_text_too_short_for_a_description_asks_for_one():
    """Nothing is made up."""
    draft = a_draft(html="Ciao")

    assert read_back(draft).description.startswith("Da scrivere:")
    assert "il testo è troppo corto per farne una descrizione: scrivila tu" in draft.notes
