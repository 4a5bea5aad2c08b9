"""README's table of settings says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from copydesk.settings import declarations, flag, variable

README = Path(__file__).parents[2] / "README.md"


def table() -> str:
    """The settings as README shows them. What is pasted there is what this returns."""
    rows = ["| flag | variable | default | what |", "|---|---|---|---|"]
    for name, declared in declarations().items():
        default = declared.default.format(data="DATA")
        shown = f"`{default}`" if default else "none"
        words = f"{declared.help} May be {declared.kind.allowed}."
        rows.append(f"| `{flag(name)}` | `{variable(name)}` | {shown} | {words} |")
    return "\n".join(rows)


def test_readme_has_the_table_of_settings() -> None:
    assert table() in README.read_text("utf-8")
