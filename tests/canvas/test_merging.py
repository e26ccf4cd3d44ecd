"""No word is lost, however the edits of several people fall between each other."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.merging import merge

FIELDS = ("decisions.action", "features.note", "monitoring.note")
EDIT = st.tuples(
    st.sampled_from(["Ann", "Bo", "Cem"]), st.sampled_from(["open", "save", "insist"]), st.sampled_from(FIELDS)
)


@dataclass
class Person:
    """What somebody saw when they opened the sheet, and what stands in their inputs."""

    seen: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)


@given(st.lists(EDIT, min_size=1, max_size=30))
def test_no_word_is_lost_in_any_order_of_edits(edits: list[tuple[str, str, str]]) -> None:
    sheet = dict.fromkeys(FIELDS, "")
    people = {name: Person(dict(sheet)) for name in ("Ann", "Bo", "Cem")}
    replaced: set[str] = set()  # texts that somebody saw and wrote over on purpose
    written: list[tuple[str, str, str]] = []
    for number, (name, what, path) in enumerate(edits):
        person = people[name]
        if what == "open":
            replaced |= set(person.typed.values())  # whoever opens anew has seen what was not saved, and let it go
            people[name] = Person(dict(sheet))
            continue
        if what == "save":
            person.typed[path] = f"word{number}"
            written.append((name, path, f"word{number}"))
        merged = merge(person.seen, {**person.seen, **person.typed}, sheet)
        if what == "insist" and path in merged.clashes:
            replaced.add(merged.clashes[path].theirs)  # both texts were in view when this was chosen
            person.seen[path] = merged.clashes[path].theirs
            merged = merge(person.seen, {**person.seen, **person.typed}, sheet)
        for taken, text in merged.taken.items():
            assert sheet[taken] == person.seen[taken], "only what the writer saw is written over"
            replaced.add(sheet[taken])
            sheet[taken] = person.seen[taken] = text
            person.typed.pop(taken, None)
        for clash, both in merged.clashes.items():
            assert (both.mine, both.theirs) == (person.typed[clash], sheet[clash])
    for name, path, word in written:
        still = people[name].typed.get(path) == word
        rewritten = any(other[:2] == (name, path) and other[2] != word for other in written)
        assert sheet[path] == word or still or word in replaced or rewritten


@given(
    st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=5)),
    st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=5)),
)
def test_edits_of_different_fields_never_clash(ann: dict[str, str], bo: dict[str, str]) -> None:
    base = dict.fromkeys(FIELDS, "base")
    first, second = {**base, **ann}, {path: text for path, text in bo.items() if path not in ann}
    sheet = {**base, **merge(base, first, base).taken}
    merged = merge(base, {**base, **second}, sheet)
    assert merged.clashes == {}
    assert {**sheet, **merged.taken} == {**base, **ann, **second}
