"""Titles of tables: a title of the table's own would be wrapped to its width, and tables may be narrow."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text


def titled(title: str, table: Table) -> Group:
    """Put a line above a table."""
    return Group(Text(title, style="bold"), table)
