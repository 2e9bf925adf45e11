"""The rehearsal's mailbox: letters that stayed in a folder, to be read in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from fundraising.routes import Routes

if TYPE_CHECKING:
    from fundraising.mailer import StoredLetter


class MailboxRoutes(Routes):
    """Answers for the endpoints that begin with «mailbox.»."""

    def show(self, request: Request) -> Response:
        """List the letters, newest first."""
        from fundraising.mailer import list_letters

        return self._page("mailbox.html", letters=list_letters(self._letters_folder()))

    def letter(self, request: Request, name: str) -> Response:
        """Show a letter as it left."""
        return self._page("letter.html", letter=self._read_letter(name))

    def html(self, request: Request, name: str) -> Response:
        """Show the letter itself, for the frame of its page."""
        response = Response(self._read_letter(name).html, mimetype="text/html")
        # A letter brings its own styles, as mail must; it may do nothing else.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
        return response

    def attachment(self, request: Request, name: str, position: int) -> Response:
        """Show what travelled with a letter."""
        attachments = self._read_letter(name).attachments
        if not 1 <= position <= len(attachments):
            raise NotFound()
        attachment = attachments[position - 1]
        response = Response(attachment.content, mimetype=attachment.media_type)
        response.headers.set("Content-Disposition", "inline", filename=attachment.filename)
        return response

    def _letters_folder(self) -> Path:
        folder = self._parts.settings.letters_folder
        if folder is None or not self._parts.settings.has_mailbox:
            raise NotFound()
        return folder

    def _read_letter(self, name: str) -> StoredLetter:
        from fundraising.mailer import read_letter

        try:
            return read_letter(self._letters_folder(), name)
        except FileNotFoundError:
            raise NotFound() from None
