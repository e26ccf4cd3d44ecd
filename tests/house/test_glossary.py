"""The glossary: open to everybody, holds every word that pages link to, and is found from foot and palette."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.glossary import glossary_groups
from planner.domain.suitability.suitability import QUESTIONS
from planner.domain.suitability.verdicts import Verdict
from planner.domain.valuation.ranking import RankBy
from tests.conftest import Cast

LINKED = re.compile(r"""{% term "([^"]+)" """)
KEYS = {term.key for group in glossary_groups() for term in group.terms} | {group.key for group in glossary_groups()}


def linked() -> set[str]:
    templates = (path.read_text() for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    return {key for text in templates for key in LINKED.findall(text)}


def test_every_word_a_page_links_to_is_explained() -> None:
    assert linked(), "no page links to the glossary"
    assert linked() - KEYS == set()


def test_orders_questions_and_verdicts_are_explained_as_the_product_uses_them() -> None:
    assert {by.value for by in RankBy} <= KEYS
    assert {f"question-{question.key}" for question in QUESTIONS} <= KEYS
    assert {verdict.value.replace("_", "-") for verdict in Verdict} <= KEYS


def test_no_anchor_is_given_twice_and_every_term_says_something() -> None:
    terms = [term for group in glossary_groups() for term in group.terms]
    assert len({term.key for term in terms}) == len(terms)
    assert all((len(term.words.split()) > 4 and term.words.endswith(".")) or term.words.endswith("?") for term in terms)


@pytest.mark.django_db
def test_somebody_who_is_not_signed_in_reads_it_and_the_foot_leads_there(cast: Cast) -> None:
    page = cast.browser().get("/glossary/").content.decode()
    assert all(f'id="{key}"' in page for key in KEYS)
    assert 'href="/glossary/"' in cast.browser().get("/sign-in/").content.decode()
    assert 'href="/glossary/"' in cast.browser(cast.viewer).get("/w/acme/").content.decode()


@pytest.mark.django_db
def test_the_palette_finds_it_by_what_it_explains(cast: Cast) -> None:
    assert "/glossary/" in cast.browser(cast.viewer).get("/w/acme/find/", {"q": "payback"}).content.decode()
