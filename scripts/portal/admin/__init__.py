"""The visual editor at `/admin/`: the content folder as forms, for people who will not use git."""
