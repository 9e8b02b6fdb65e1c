"""Training: random streams, one seed's run, many seeds in parallel, and their result."""
