"""The editorial assistant: a page's text in, advice out. Errors are the readers' trade; this only counsels."""
