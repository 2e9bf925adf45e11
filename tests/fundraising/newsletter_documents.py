"""Issues of the newsletter, as the site hands them over."""


def a_document(**changes):
    """What `portal newsletter` writes, as short as it can be."""
    leave, preferences = "https://lascia.invalid/", "https://scelte.invalid/"
    return {
        "version": 1,
        "number": 1,
        "date": "2026-11-22",
        "language": "it",
        "from": "newsletter@esempio.invalid",
        "subject": "Si apre: prendete una sedia",
        "preheader": "",
        "web_url": "https://www.example.org/newsletter/1/",
        "personal_links": {"leave": leave, "preferences": preferences},
        "html": f'<p>Si apre.</p><p><a href="{leave}">Basta</a> <a href="{preferences}">Scegli</a></p>',
        "text": f"Si apre.\n\n[1] {leave}\n[2] {preferences}\n",
    } | changes
