"""Bylines become names."""

from __future__ import annotations

import pytest

from copydesk.parser.authors import authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("", []),
        ("Ines Okafor", ["Ines Okafor"]),
        ("By Ines Okafor", ["Ines Okafor"]),
        ("by: Ines Okafor", ["Ines Okafor"]),
        ("Written by Ines Okafor", ["Ines Okafor"]),
        ("Byron Small", ["Byron Small"]),
        ("By Ines Okafor, Per Lund and Mae Ito", ["Ines Okafor", "Per Lund", "Mae Ito"]),
        ("Ines Okafor, Per Lund, and Mae Ito", ["Ines Okafor", "Per Lund", "Mae Ito"]),
        ("Ines Okafor & Per Lund", ["Ines Okafor", "Per Lund"]),
        ("Ines Okafor&Per Lund", ["Ines Okafor", "Per Lund"]),
        ("Ines Okafor; Per Lund | Mae Ito", ["Ines Okafor", "Per Lund", "Mae Ito"]),
        ("By Ines Okafor\nBy Per Lund", ["Ines Okafor", "Per Lund"]),
        ("Ines Okafor with Per Lund", ["Ines Okafor", "Per Lund"]),
        ("Sandy Anders and Ferdinand Brand", ["Sandy Anders", "Ferdinand Brand"]),
        ("Jean-Luc d’Arc O’Neil-Smith", ["Jean-Luc d’Arc O’Neil-Smith"]),
        ("María José de la Cruz", ["María José de la Cruz"]),
        ("王小明、李雷", ["王小明、李雷"]),
        ("Otis Bell, Jr.", ["Otis Bell, Jr."]),
        ("Otis Bell Jr. and Mae Ito", ["Otis Bell Jr.", "Mae Ito"]),
        ("By Lena Fry, M.D., and Otis Bell, Jr.", ["Lena Fry, M.D.", "Otis Bell, Jr."]),
        ("Lena Fry, MD, PhD", ["Lena Fry, MD, PhD"]),
        ("Ines Okafor, Associated Press", ["Ines Okafor"]),
        ("INES OKAFOR, THE ASSOCIATED PRESS", ["INES OKAFOR"]),
        ("Ines Okafor and Per Lund, Reuters", ["Ines Okafor", "Per Lund"]),
        ("Ines Okafor (Reuters)", ["Ines Okafor"]),
        ("Ines Okafor of The Associated Press", ["Ines Okafor"]),
        ("Ines Okafor for the Bay Courier", ["Ines Okafor"]),
        ("Ines Okafor, Special to the Bay Courier", ["Ines Okafor"]),
        ("Ines Okafor in Lisbon and Per Lund in Oslo", ["Ines Okafor", "Per Lund"]),
        ("Reuters", ["Reuters"]),
        ("By The Associated Press", ["The Associated Press"]),
        ("AP and Reuters", ["AP", "Reuters"]),
        ("Ines Okafor, ines.okafor@example.org", ["Ines Okafor"]),
        ("Ines Okafor <ines@example.org>", ["Ines Okafor"]),
        ("Ines Okafor (ines@example.org), Per Lund", ["Ines Okafor", "Per Lund"]),
        ("BY INES OKAFOR AND PER LUND", ["INES OKAFOR", "PER LUND"]),
        ("Staff", []),
        ("By Staff Writer", []),
        ("Staff and agencies", []),
        ("Editorial Board", []),
        ("Ines Okafor, Senior Staff Writer", ["Ines Okafor"]),
        ("By Ines Okafor, Chief Political Correspondent", ["Ines Okafor"]),
        ("Stafford Reporter-Jones", ["Stafford Reporter-Jones"]),
        ("Okafor, Ines", ["Okafor, Ines"]),
        ("Okafor and Lund", ["Okafor", "Lund"]),
        ("Ines Okafor, ines okafor, Per Lund", ["Ines Okafor", "Per Lund"]),
        (" , ; - / ", []),
        ("12345", []),
    ],
)
def test_a_byline_names_its_authors(byline: str, names: list[str]) -> None:
    assert authors(byline) == names
