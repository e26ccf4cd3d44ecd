"""The map of a ranking: every task has its mark, and no name covers another."""

from hypothesis import given
from hypothesis import strategies as st

from planner.charts.ranking import BESIDE, HEIGHT, LETTER, LINE, PLOT, Place, map_figure, named, plain

NUMBERS = st.floats(0, 1e6, allow_nan=False)
PLACES = st.lists(
    st.builds(Place, st.text("Paybil", min_size=1, max_size=30), st.floats(0, 1), NUMBERS, st.none() | NUMBERS),
    min_size=1,
    max_size=25,
)


def boxes(places: list[Place]) -> list[tuple[float, float, float]]:
    low = max(0.0, 100 * min(each.suitability for each in places) - 25)
    tallest = max(each.cost for each in places) or 1.0
    found = []
    for at, side in named(places).items():
        x = PLOT * (100 * places[at].suitability - low) / (110 - low)
        long = LETTER * len(plain(places[at].name)) + BESIDE
        left = x if side == "middle right" else x - long
        found.append((left, left + long, HEIGHT * places[at].cost / tallest))
    return found


@given(PLACES)
def test_no_name_covers_another(places: list[Place]) -> None:
    drawn = boxes(places)
    for at, (left, right, y) in enumerate(drawn):
        for other in drawn[at + 1 :]:
            assert right <= other[0] or other[1] <= left or abs(y - other[2]) >= LINE


@given(PLACES)
def test_every_task_has_a_mark_that_says_its_name(places: list[Place]) -> None:
    traces = map_figure(places, "EUR")["data"]
    said = sorted(name for trace in traces for name in trace["hovertext"])
    assert said == sorted(plain(each.name) for each in places)
    assert any(name for trace in traces for name in trace["text"]), "one name always finds room"


def test_ranked_tasks_are_named_before_others() -> None:
    places = [
        Place("Not ranked", 0.5, 1000.0, None),
        Place("Ranked", 0.5, 990.0, 5.0),
        Place("Other", 0.5, 995.0, None),
    ]
    assert {places[at].name for at in named(places)} >= {"Ranked"}
