"""One page of all claims: a static one in HTML that takes no network, and one in Markdown."""
