"""The sources of data: one file each, found by its name.

A source has PARAMETERS (its own settings), COMMON (those of `nnlab.data.common`, with its own defaults)
and load(**parameters) -> Dataset.
"""
