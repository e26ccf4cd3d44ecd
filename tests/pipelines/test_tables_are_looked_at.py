"""What is found in a table somebody brings: kinds, what is odd, and what tells the target by itself."""

import gzip
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from pipelines.domain.uploaded.profile import Kind, TableProfile, profile_make
from pipelines.domain.uploaded.reading import TableRefused, batches, shape_of
from pipelines.domain.uploaded.remarks import remarks_of
from pipelines.domain.uploaded.roles import roles_check, roles_proposed
from pipelines.domain.uploaded.screening import columns_screened
from pipelines.domain.uploaded.table import inputs_read, table_make
from tests.pipelines.made_tables import as_csv, as_parquet, loans

ROOT = Path(__file__).resolve().parents[2]


def looked_at(content: bytes) -> tuple[TableProfile, pa.Table]:
    source = io.BytesIO(content)
    shape = shape_of(source)
    source.seek(0)
    return profile_make(source, shape, np.random.default_rng(1), lambda rows: None)


def profile_of(content: bytes) -> TableProfile:
    return looked_at(content)[0]


def column_of(values, **options):
    frame = loans(len(values)).assign(found=list(values))
    found = profile_of(as_csv(frame, **options)).column("found")
    assert found is not None
    return found


def said_of(content: bytes, column: str = "") -> str:
    remarks = remarks_of(profile_of(content))
    return " ".join(f"{one.sentence} {one.advice}" for one in remarks if one.column == column)


def refused(content: bytes) -> str:
    with pytest.raises(TableRefused) as caught:
        profile_of(content)
    return str(caught.value)


def problems(content: bytes, **changes: object) -> dict[str, str]:
    profile = profile_of(content)
    roles = replace(roles_proposed(profile), **changes)
    return {problem.path: problem.message for problem in roles_check(profile, roles)}


def test_kinds_follow_from_what_stands_in_the_cells():
    profile = profile_of(as_csv(loans()))
    assert {column.name: column.kind for column in profile.columns} == {
        "application": Kind.IDENTIFIER,
        "amount": Kind.NUMBER,
        "region": Kind.CATEGORY,
        "member": Kind.FLAG,
        "asked_on": Kind.DATE,
        "approved": Kind.CATEGORY,
    }
    amount = profile.column("amount")
    assert amount is not None
    assert (amount.low, amount.high) == (loans().amount.min(), loans().amount.max())
    assert amount.mean == pytest.approx(loans().amount.mean())


def test_what_is_likely_is_proposed():
    roles = roles_proposed(profile_of(as_csv(loans())))
    assert (roles.target, roles.positive, roles.decided_at) == ("approved", "refused", "asked_on")
    assert roles.kinds == {"amount": "number", "region": "category", "member": "flag"}


def test_csv_gzip_and_parquet_of_one_table_are_one_table():
    frame = loans().assign(gone=["NA", "x"] * 300, when=pd.date_range("2024-01-01", periods=600).date)
    plain, packed = looked_at(as_parquet(frame))
    assert looked_at(as_csv(frame))[0] == plain
    assert looked_at(gzip.compress(as_csv(frame), mtime=0))[0] == plain
    assert looked_at(as_csv(frame, sep=";"))[0] == plain
    assert looked_at(as_csv(frame).decode().encode("utf-16"))[0] == plain
    assert packed.num_rows == 600


def test_a_column_that_occurs_twice_is_refused_by_name():
    content = as_csv(loans()).replace(b"region,member", b"amount,member", 1)
    assert "“amount”" in refused(content)


def test_ten_rows_are_too_few():
    content = as_csv(loans(10))
    assert "10 rows" in said_of(content)
    assert "at least 60 are needed" in problems(content)["target"]


def test_a_target_with_one_class_is_refused():
    content = as_csv(loans().assign(approved="granted"))
    assert "the same outcome, “granted”" in problems(content, target="approved", positive="")["target"]


def test_a_column_without_any_cell_is_left_out_and_said():
    content = as_csv(loans().assign(empty=None))
    assert said_of(content, "empty") == "Every cell is missing. It is left out."
    assert "empty" not in roles_proposed(profile_of(content)).kinds


def test_five_thousand_categories_are_counted_and_what_becomes_of_them_is_said():
    rng = np.random.default_rng(3)
    shops = [f"shop {number}" for number in rng.permutation(np.repeat(np.arange(5000), 3))]
    content = as_csv(loans(15_000).assign(shop=shops))
    assert profile_of(content).column("shop").distinct == 5000
    assert "5000 categories. The 60 most frequent are told apart" in said_of(content, "shop")
    assert roles_proposed(profile_of(content)).kinds["shop"] == "category"
    assert "at most 50 can be told apart" in problems(content, target="shop", positive="")["target"]


def test_more_values_than_are_kept_are_estimated():
    found = column_of([f"value {number % 30_000}" for number in range(60_000)])
    assert not found.exact
    assert found.distinct == pytest.approx(30_000, rel=0.04)


@pytest.mark.parametrize(
    ("written", "day_first"), [("%d.%m.%Y", True), ("%m/%d/%Y", False), ("%d/%m/%y", True), ("%d.%m.%Y %H:%M", True)]
)
def test_dates_written_as_text_are_recognised_with_their_format(written, day_first):
    found = column_of(pd.date_range("2024-01-01", periods=400, freq="5h").strftime(written))
    assert found.kind is Kind.DATE
    assert found.day_first is day_first


def test_dates_that_do_not_tell_day_from_month_are_asked_for():
    frame = loans().assign(asked_on=[f"{1 + place % 9}/{1 + place % 12}/2024" for place in range(600)])
    content = as_csv(frame)
    assert "day first or month first" in said_of(content, "asked_on")
    assert "the day or the month" in problems(content)["day_first"]
    assert problems(content, day_first=True) == {}


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%d %B %Y", "%b %d, %Y", "%d.%m.%y"])
def test_dates_are_read_as_they_were_written(written):
    moments = pd.date_range("2024-01-13", periods=400, freq="24h")
    content = as_csv(loans(400).assign(asked_on=moments.strftime(written)))
    profile, drawn = looked_at(content)
    roles = roles_proposed(profile)
    assert roles.decided_at == "asked_on"
    assert (
        inputs_read(drawn, profile, roles, key=b"k")[("rows", "decided")].tolist()
        == moments.tz_localize("UTC").tolist()
    )


def test_numbers_with_a_decimal_comma_are_read():
    texts = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in loans(400).amount]
    found = column_of(texts, sep=";")
    assert (found.kind, found.decimal_comma) == (Kind.NUMBER, True)


def test_a_running_number_is_left_out_and_numbers_in_any_order_are_not():
    assert column_of(range(100, 700)).kind is Kind.IDENTIFIER
    assert column_of(np.random.default_rng(5).permutation(600)).kind is Kind.NUMBER


def test_free_text_is_left_out():
    found = column_of([f"the customer called on day {place} and asked about the loan" for place in range(600)])
    assert found.kind is Kind.TEXT


def test_some_cells_that_are_no_numbers_count_as_missing_and_are_shown():
    amount = loans().amount.astype(object)
    amount[7] = "see letter"
    content = as_csv(loans().assign(amount=amount))
    assert "1 cells cannot be read: “see letter”. They count as missing." in said_of(content, "amount")
    assert profile_of(content).column("amount").kind is Kind.NUMBER


def test_a_column_that_repeats_another_is_left_out():
    frame = loans().assign(copy=loans().amount)[["copy", *loans().columns]]
    assert "It holds the same as “copy”" in said_of(as_csv(frame), "amount")


def test_lines_with_too_many_cells_are_counted():
    lines = as_csv(loans()).decode().splitlines()
    lines[40] += ",one more"
    assert profile_of("\n".join(lines).encode()).rows == 599
    assert "1 lines have another number of cells" in said_of("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,b\n", "no rows"),
        (b"PK\x03\x04 and more", "zip archive or a spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"<html></html>", "web page"),
        (b'{"a": 1}', "JSON"),
        (b"PAR1 broken PAR1", "damaged"),
        (gzip.compress(b"a,b\n1,2\n" * 50, mtime=0)[:-20], "damaged"),
        (b"one\ntwo\nthree\n", "separator"),
        (as_parquet(loans(5).head(0)), "no rows"),
        (gzip.compress(as_parquet(loans(5)), mtime=0), "Parquet inside gzip"),
        (",".join(f"c{place}" for place in range(700)).encode() + b"\n" + b"1," * 699 + b"1\n", "at most 500"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(content, words):
    assert words in refused(content)
    assert "event" not in refused(content)


def test_a_quotation_mark_that_is_never_closed_ends_with_a_sentence():
    content = as_csv(loans(2000)) + b'A-1,"12,north,yes,2024-01-01,granted\n' + as_csv(loans(60_000))
    assert "never closed" in refused(content)
    further_down = as_csv(loans(20_000)) + b'A-1,"12,north,yes,2024-01-01,granted\n' + as_csv(loans(90_000))
    assert "cannot be read to its end" in refused(further_down)


def test_a_bomb_in_gzip_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("pipelines.domain.uploaded.reading.MOST_UNPACKED", 1_000_000)
    assert "larger than" in refused(gzip.compress(as_csv(loans(60_000)), mtime=0))


def test_a_long_text_in_every_row_of_a_parquet_file_is_cut_before_it_is_repeated():
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * 5_000_000]))
    stream = io.BytesIO()
    parquet.write_table(pa.table({"long": dictionary, "y": pa.array([0, 1] * 10_000)}), stream, store_schema=False)
    found = profile_of(stream.getvalue()).column("long")
    assert found.distinct == 1
    assert len(found.examples[0]) == 80


def test_nested_columns_are_left_out_and_said():
    table = pa.Table.from_pandas(loans()).append_column("lists", pa.array([[1, 2]] * 600))
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    assert "no plain values" in said_of(stream.getvalue(), "lists")


def test_a_column_that_tells_the_target_is_found_with_its_score():
    frame = loans()
    frame["payout"] = np.where(frame.approved == "granted", frame.amount, 0.0)
    frame["reason"] = np.where(frame.approved == "refused", frame.region.map({"south": "risk"}).fillna("other"), None)
    profile, drawn = looked_at(as_csv(frame))
    roles = roles_proposed(profile)
    read = inputs_read(
        drawn.take(np.random.default_rng(2).permutation(600)), profile, replace(roles, target="approved"), key=b"k"
    )
    scores = {
        score.name: score for score in columns_screened(read["inputs"], read[("rows", "outcome")], regression=False)
    }
    assert {name for name, score in scores.items() if score.leaks} == {"payout", "reason"}
    assert scores["payout"].auc > 0.99
    assert 0.6 < scores["amount"].auc < 0.95
    assert 0.4 < scores["member"].auc < 0.6


def test_a_column_of_noise_never_looks_like_a_leak_however_many_values_it_has():
    rng = np.random.default_rng(8)
    target = pd.Series(rng.choice(["a", "b"], 2000))
    noise = pd.DataFrame({"names": [f"n{place}" for place in range(2000)], "number": rng.normal(size=2000)})
    assert all(0.4 < score.auc < 0.6 for score in columns_screened(noise, target, regression=False))


def test_an_amount_is_screened_too():
    rng = np.random.default_rng(8)
    amount = pd.Series(rng.gamma(2, 10, 2000))
    inputs = pd.DataFrame({"with_tax": amount * 1.2, "other": rng.normal(size=2000)})
    scores = columns_screened(inputs, amount, regression=True)
    assert (scores[0].name, scores[0].leaks, scores[1].leaks) == ("with_tax", True, False)


def test_groups_are_never_on_both_sides_of_the_test():
    content = as_csv(loans())
    profile = profile_of(content)
    roles = replace(roles_proposed(profile), decided_at="", group="region", kinds={"amount": "number"})
    source = io.BytesIO(content)
    shape = shape_of(source)
    source.seek(0)
    made = table_make(batches(source, shape, columns=roles.columns), profile, roles, np.random.default_rng(1), key=b"k")
    later = made.frame[("rows", "decided")] >= made.split_at
    regions = made.frame[("rows", "group")]
    assert set(regions[later]) & set(regions[~later]) == set()
    assert 0.1 < later.mean() < 0.5


MEASURED = """
import sys, io
import numpy as np
from pathlib import Path
from pipelines.domain.uploaded.profile import profile_make
from pipelines.domain.uploaded.reading import shape_of
with open(sys.argv[1], "rb") as source:
    shape = shape_of(source)
    source.seek(0)
    found, _ = profile_make(source, shape, np.random.default_rng(1), lambda rows: None)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(found.rows, peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
def test_memory_does_not_grow_with_the_length_of_the_file(tmp_path):
    """Three times the rows take hardly more memory, once the reader's buffers are filled."""
    peaks = {}
    piece = as_csv(loans(60_000)).split(b"\n", 1)
    for times in (12, 36):
        path = tmp_path / f"{times}.csv"
        path.write_bytes(piece[0] + b"\n" + piece[1] * times)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        rows, peak = map(int, done.stdout.split())
        assert rows == 60_000 * times
        peaks[times] = peak / 1024
    grown = ((tmp_path / "36.csv").stat().st_size - (tmp_path / "12.csv").stat().st_size) / 1024**2
    assert grown > 70
    assert peaks[36] - peaks[12] < grown / 4
