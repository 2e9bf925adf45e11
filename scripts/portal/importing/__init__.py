"""Exports of other people's systems → drafts of stories, and a report of what needs a person."""
