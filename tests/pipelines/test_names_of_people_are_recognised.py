"""What says that a column names people: its cells, else its header; and what does not."""

import pytest

from pipelines.domain.uploaded.people import person_sign


@pytest.mark.parametrize(
    ("name", "values", "what"),
    [
        ("x", ["kim@example.org", "lee@example.org", ""], "e-mail addresses"),
        ("note", ["call back", "write to kim@example.org", "done", "waits"], "e-mail addresses"),
        ("x", ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "account numbers (IBAN)"),
        ("x", ["+49 30 123456", "+43 1 5880020", "0043 1 58800"], "phone numbers"),
        ("mobile", ["1512345678", "1609876543"], "phone numbers"),
        ("x", ["Kim Passa", "Anna Muster", "Lee, Thomas", "Maria Silva"], "names of people"),
        ("Sachbearbeiter", ["MÜ", "SCH", "KE"], "names of people"),
        ("customerName", ["ACME", "Beta", "Gamma"], "names of people"),
        ("customer_id", ["17", "18", "19"], "numbers that stand for people"),
    ],
)
def test_what_names_people_is_recognised_and_its_evidence_said(name, values, what):
    sign = person_sign(name, values)
    assert sign is not None
    assert sign.what == what
    assert "different values looked at" in sign.evidence or f"called “{name}”" in sign.evidence


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("region", ["North Side", "South Side", "Old Town", "East End"]),
        ("product_name", ["Gold", "Silver", "Bronze"]),
        ("customer_type", ["private", "business", "public"]),
        ("goal", ["Home improvement", "Car", "Existing loan takeover"]),
        ("amount", ["5000", "12000.50", "700"]),
        ("application_id", ["A-1", "A-2", "A-3"]),
        ("code", ["DE88370400440532013000", "AB12 CDEF 0000"]),
        ("postcode", ["01067", "01099", "80331"]),
        ("asked on", ["01-02-2024", "03-02-2024"]),
        ("empty", []),
    ],
)
def test_other_columns_are_not_called_out(name, values):
    assert person_sign(name, values) is None
