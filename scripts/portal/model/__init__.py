"""Pure values: what the pages, the network and the figures are. No files, no clock."""
