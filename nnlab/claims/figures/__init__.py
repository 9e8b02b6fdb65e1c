"""What a claim looks like: its seeds, its effects and its curves, one kind per file."""
