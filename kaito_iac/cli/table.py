"""Draws rows as an aligned table, and facts as labelled lines; every cell is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from textwrap import wrap
from typing import Any, Final

from kaito_iac.cli.escape import line, problems
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Problem

MOST_ROWS: Final = 500
"""Rows a table shows; the rest is counted below it."""
GAP: Final = 2
"""Columns between two cells."""
LEAST: Final = 12
"""Columns that a cell which may be cut keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column looks."""

    title: str
    """Its heading; a line feed makes it two lines high."""
    number: bool = False
    """Aligned at the right."""
    cuts: bool = False
    """May be cut with an ellipsis when the page is narrow: only where the whole name can be had elsewhere."""
    wraps: bool = False
    """Holds prose, which may take several lines."""


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], page: Page, cell_len: Callable[[str], int]) -> list[int]:
    """Return the width of each column; what is too much is taken from those that may be cut or wrapped, the last first."""
    widths = [max(cell_len(text) for text in column.title.split("\n")) for column in columns]
    for row in rows:
        widths = [max(width, cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
    excess = sum(widths) + GAP * (len(columns) - 1) - page.width
    for index in reversed(range(len(columns))):
        if excess > 0 and (columns[index].cuts or columns[index].wraps):
            taken = max(0, min(excess, widths[index] - LEAST))
            widths[index] -= taken
            excess -= taken
    return widths


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], page: Page) -> str:
    """Return the rows below their headings, no line longer than the page unless the figures alone are."""
    cells = [[line(cell) for cell in row] for row in rows[:MOST_ROWS]]
    plain = not page.color and all(cell.isascii() for row in cells for cell in row)
    widths = _widths(columns, cells, page, len if plain else _cells())
    plain = plain and all(len(cell) <= width for row in cells for cell, width in zip(row, widths, strict=True))
    text = _written(columns, widths, cells) if plain else _table(columns, widths, cells, page)
    more = f"… and {len(rows) - MOST_ROWS:,} more; --json has all of them\n" if len(rows) > MOST_ROWS else ""
    return text + more


def _cells() -> Callable[[str], int]:
    from rich.cells import cell_len

    return cell_len


def _written(columns: Sequence[Column], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of plain texts that fit: rich draws the same, and takes as long to load as a whole answer."""

    def laid(cells: Sequence[str]) -> str:
        placed = (
            f"{cell:>{width}}" if column.number else f"{cell:<{width}}"
            for cell, column, width in zip(cells, columns, widths, strict=True)
        )
        return (" " * GAP).join(placed).rstrip()

    titles = [column.title.split("\n") for column in columns]
    high = max(map(len, titles))
    heads = zip(*([""] * (high - len(title)) + title for title in titles), strict=True)
    rule = "-" * (sum(widths) + GAP * (len(widths) - 1))
    return "".join(f"{text}\n" for text in (*map(laid, heads), rule, *map(laid, rows)))


def _table(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[Sequence[str]], page: Page) -> str:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n"), padding=(0, GAP - 1, 0, 0), pad_edge=False)
    drawn.show_edge = False
    for column, width in zip(columns, widths, strict=True):
        drawn.add_column(
            Text(column.title),
            justify="right" if column.number else "left",
            width=width,
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
            header_style="bold",
        )
    for row in cells:
        drawn.add_row(*(Text(cell) for cell in row))
    return _drawn(drawn, Page(sum(widths) + GAP * len(columns) + 1, page.color))


def _drawn(drawn: Any, page: Page) -> str:
    from rich.console import Console

    page_file = StringIO()
    console = Console(
        file=page_file,
        width=page.width,
        force_terminal=page.color,
        no_color=not page.color,
        color_system="standard" if page.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(drawn)
    return "".join(f"{row.rstrip()}\n" for row in page_file.getvalue().splitlines())


def facts(title: str, labelled: Sequence[tuple[str, str]], page: Page) -> str:
    """Return a title and one labelled line per fact, long ones wrapped under themselves."""
    label_width = max(len(label) for label, _ in labelled) + 4
    head = f"\x1b[1m{line(title)}\x1b[0m" if page.color else line(title)
    out = [head]
    for label, value in labelled:
        rows = wrap(line(value), page.width - label_width, break_on_hyphens=False) or [""]
        out.append(f"  {label:<{label_width - 2}}{rows[0]}".rstrip())
        out.extend(f"{'':{label_width}}{row}" for row in rows[1:])
    return "\n".join(out) + "\n"


def prose(text: str, page: Page) -> str:
    """Return a paragraph wrapped to the page."""
    return "\n".join(wrap(line(text), page.width, break_on_hyphens=False, break_long_words=False)) + "\n"


def judged(title: str, found: tuple[Problem, ...], page: Page) -> str:
    """Return the listing of problems wrapped to the page, long ones under themselves."""
    out = []
    for text in problems(title, found).splitlines():
        indent = " " * (len(text) - len(text.lstrip()))
        out += wrap(text, page.width, subsequent_indent=f"{indent}  ", break_on_hyphens=False, break_long_words=False)
    return "\n".join(out) + "\n"
