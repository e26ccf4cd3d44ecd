"""Texts of a column as numbers, also where a decimal comma is written throughout."""

import pandas as pd

_GROUPED = r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?$"
"""Digits, with dots between thousands at most, and decimals after a comma at most."""
_PROVES = r"[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))$"
"""A comma that separates no thousands: after thousands set apart by dots, or before other than three digits."""


def numbers_of(texts: "pd.Series") -> "pd.Series":
    """The numbers, missing where a text is none. Infinite ones are left as they are.

    A comma is read as that of decimals only where every text of the column can be meant so and one of them can mean
    nothing else: one column is never read in two ways, and "1.234" or "1,234" alone prove nothing.

    >>> numbers_of(pd.Series(["1.234,56", "12,5", "7", None])).tolist()
    [1234.56, 12.5, 7.0, nan]
    >>> numbers_of(pd.Series(["1.234", "2.500"])).tolist(), numbers_of(pd.Series(["1.5", "12,5"])).tolist()
    ([1.234, 2.5], [1.5, nan])
    """
    if not pd.api.types.is_numeric_dtype(texts) and _with_comma(texts):
        plain = texts.astype("string").str.strip().str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        return pd.to_numeric(plain, errors="coerce").astype("float64")
    return pd.to_numeric(texts, errors="coerce")


def _with_comma(texts: "pd.Series") -> bool:
    known = texts.dropna().astype("string").str.strip()
    if not known.str.contains(",", regex=False).any():
        return False
    return bool(known.str.match(_GROUPED).all() and known.str.match(_PROVES).any())
