"""Exports for tests, written as Blogger and WordPress write them."""

from html import escape
from pathlib import Path

SITE = "http://vecchio-orto.blogspot.com"


def blogger_entry(
    title: str,
    body: str,
    path: str | None = None,
    date: str = "2020-03-07T10:00:00+01:00",
    kind: str = "post",
    labels: tuple[str, ...] = (),
    more: str = "",
) -> str:
    """An entry of the backup file."""
    link = f"<link rel='alternate' type='text/html' href='{SITE}{path}'/>" if path else ""
    categories = "".join(
        f"<category scheme='http://www.blogger.com/atom/ns#' term='{escape(label)}'/>"
        for label in labels
    )
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-7</id><published>{date}</published>"
        "<category scheme='http://schemas.google.com/g/2005#kind' "
        f"term='http://schemas.google.com/blogger/2008/kind#{kind}'/>{categories}"
        f"<title type='text'>{escape(title)}</title>"
        f"<content type='html'>{escape(body)}</content>{link}{more}</entry>\n"
    )


def blogger_file(folder: Path, *entries: str) -> Path:
    """A backup file with these entries."""
    file = folder / "blog.xml"
    file.write_text(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#' "
        "xmlns:blogger='http://schemas.google.com/blogger/2018' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0'>\n"
        f"<title>Il vecchio orto</title>\n{''.join(entries)}</feed>\n",
        encoding="utf-8",
    )
    return file


def takeout_entry(
    title: str, body: str, path: str, status: str = "LIVE", kind: str = "POST"
) -> str:
    """An entry of today's `feed.atom`."""
    return (
        "<entry><id>tag:blogger.com,1999:blog-1.post-8</id>"
        f"<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>"
        "<author><name>Una persona</name><blogger:type>BLOGGER</blogger:type></author>"
        f"<title>{escape(title)}</title><content type='html'>{escape(body)}</content>"
        "<published>2020-03-07T23:30:00.000Z</published><blogger:location/>"
        "<category scheme='tag:blogger.com,1999:blog-1' term='Orto'/>"
        f"<blogger:filename>{path}</blogger:filename><link/><blogger:trashed/></entry>\n"
    )


def wordpress_item(
    title: str,
    body: str,
    link: str,
    date: str = "2020-03-07 10:00:00",
    status: str = "publish",
    kind: str = "post",
    labels: tuple[str, ...] = (),
) -> str:
    """An item of WXR, with a comment inside."""
    categories = "".join(
        f'<category domain="post_tag" nicename="x"><![CDATA[{label}]]></category>'
        for label in labels
    )
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{categories}"
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
        "<excerpt:encoded><![CDATA[]]></excerpt:encoded>"
        f"<wp:post_date><![CDATA[{date}]]></wp:post_date>"
        f"<wp:status><![CDATA[{status}]]></wp:status>"
        f"<wp:post_type><![CDATA[{kind}]]></wp:post_type>"
        "<wp:comment><wp:comment_author>Una persona</wp:comment_author>"
        "<wp:comment_content><![CDATA[Parole di altri]]></wp:comment_content></wp:comment></item>\n"
    )


def wordpress_file(folder: Path, *items: str) -> Path:
    """A WXR file with these items."""
    file = folder / "wordpress.xml"
    file.write_text(
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- generator="WordPress/6.6" -->\n'
        '<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/">\n<channel><title>Vecchio sito</title>'
        f"<wp:wxr_version>1.2</wp:wxr_version>{''.join(items)}</channel></rss>\n",
        encoding="utf-8",
    )
    return file
