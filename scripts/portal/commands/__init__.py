"""What the command `portal` does, one family of commands a file."""
