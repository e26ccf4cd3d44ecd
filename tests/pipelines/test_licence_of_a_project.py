"""Under which licence a project may be used: chosen, kept for later, in the words of the licence, whoever holds it."""

import tomllib
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from django.utils import timezone

from jobs.models import Stage
from pipelines.domain.architecture import covering_set, layers
from pipelines.domain.licences import LONGEST_HOLDER, Licence, LicenceError, LicenceKind, licence_make
from pipelines.domain.specification import Specification
from pipelines.domain.text import text_clean
from pipelines.services.skeletons import layer_read
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.projects import project_of, small_table, specification_of
from tests.pipelines.test_hostile_text_stays_text import HOSTILE, parsed

ROOT = Path(__file__).resolve().parents[2]
TABLE = small_table()
WORDS = {
    LicenceKind.RESERVED: "All rights reserved. No licence is granted",
    LicenceKind.MIT: "Permission is hereby granted, free of charge, to any person obtaining a copy",
    LicenceKind.APACHE: "Version 2.0, January 2004",
    LicenceKind.BSD: "Neither the name of the copyright holder nor the names of its\n   contributors may be used",
}


@pytest.fixture
def generation(cast):
    return pipeline_made(cast.workspace).generations.get()


def files_with(licence, table=TABLE):
    return project_of(replace(specification_of(table), licence=licence)).files


@pytest.mark.parametrize("kind", list(LicenceKind))
def test_the_files_of_a_licence_say_what_pyproject_names(kind):
    files = files_with(licence_make(kind=kind, holder="Acme & Söhne", year=2026))
    project = tomllib.loads(files["pyproject.toml"].decode())["project"]
    assert WORDS[kind] in files["LICENSE"].decode()
    assert project["license"] == ("LicenseRef-All-Rights-Reserved" if kind is LicenceKind.RESERVED else kind)
    assert set(project["license-files"]) == {"LICENSE", "NOTICE"} & set(files)
    assert any(b"2026 Acme & S\xc3\xb6hne" in files[name] for name in project["license-files"])
    assert "## Licence" in files["README.md"].decode()


def test_the_apache_licence_is_the_licence_to_the_letter():
    assert files_with(Licence(LicenceKind.APACHE, "Acme", 2026))["LICENSE"] == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize(("text", "kind"), list(product(HOSTILE, LicenceKind)), ids=lambda value: ascii(value)[:20])
def test_a_hostile_holder_is_text_and_reads_back(text, kind):
    licence = licence_make(kind=kind, holder=f"zqxj {text}", year=2026)
    files = parsed(files_with(licence))
    name = text_clean(f"zqxj {text}", longest=LONGEST_HOLDER)
    notice = files["NOTICE" if kind is LicenceKind.APACHE else "LICENSE"]
    assert [line.partition(" 2026 ")[2] for line in notice.splitlines() if "2026" in line] == [name]
    holders = {path for path, content in files.items() if "zqxj" in content}
    assert holders <= {"LICENSE", "NOTICE", "README.md"}
    specification = replace(specification_of(TABLE), licence=licence)
    assert Specification.from_json(specification.as_json()).licence == licence


def test_a_licence_without_holder_or_of_no_kind_is_refused_with_its_place():
    for given, where in (
        ({"kind": "MIT", "holder": " \u200b", "year": 2026}, "holder"),
        ({"kind": "free", "holder": "Acme", "year": 2026}, "kind"),
        ({"kind": "MIT", "holder": "Acme", "year": 12}, "year"),
    ):
        with pytest.raises(LicenceError) as refused:
            licence_make(**given)
        assert refused.value.where == where


def test_a_generation_from_before_there_was_a_choice_is_read_and_reserves_all_rights():
    plain = specification_of(TABLE).as_json()
    del plain["licence"]
    text = project_of(Specification.from_json(plain)).files["LICENSE"].decode()
    assert text.startswith("Copyright (c) the owner of this project\n\nAll rights reserved.")


def test_a_licence_shares_no_path_with_any_layer():
    own = {path for kind in LicenceKind for path in layer_read(f"licence/{kind}")}
    others = {
        path for problem, found in covering_set() for layer in layers(found, problem) for path in layer_read(layer)
    }
    assert own == {"LICENSE.j2", "NOTICE.j2"}
    assert not own & others


def asked(pipeline_pk):
    return Stage.objects.get(run__params__pipeline=pipeline_pk).params["licence"]


def test_before_anyone_chose_the_workspace_keeps_all_rights(cast, generation):
    task = generation.pipeline.task_id
    page = cast.browser(cast.editor).get(f"/w/acme/tasks/{task}/pipeline/options/").content.decode()
    assert 'value="all-rights-reserved" checked' in page
    cast.browser(cast.editor).post(f"/w/acme/tasks/{task}/pipeline/generate/", {})
    kept = {"kind": "all-rights-reserved", "holder": cast.workspace.name, "year": timezone.now().year}
    assert asked(generation.pipeline_id) == kept


def test_what_is_chosen_on_the_page_is_asked_for(cast, generation):
    sent = {"licence": "MIT", "holder": "Acme <b>", "year": "2024"}
    cast.browser(cast.editor).post(f"/w/acme/tasks/{generation.pipeline.task_id}/pipeline/generate/", sent)
    assert asked(generation.pipeline_id) == {"kind": "MIT", "holder": "Acme <b>", "year": 2024}


def test_the_licence_of_the_latest_generation_is_kept(cast, generation):
    pipeline = generation.pipeline
    pipeline.specification = generation.specification | {"licence": {"kind": "MIT", "holder": "Acme", "year": 2020}}
    pipeline.save(update_fields=["specification"])
    page = cast.browser(cast.editor).get(f"/w/acme/tasks/{pipeline.task_id}/pipeline/options/").content.decode()
    assert 'value="MIT" checked' in page
    assert 'value="2020"' in page
    cast.browser(cast.editor).post(f"/w/acme/tasks/{pipeline.task_id}/pipeline/generate/", {})
    assert asked(pipeline.pk) == {"kind": "MIT", "holder": "Acme", "year": 2020}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"licence": "MIT", "holder": "", "year": "2024"}, "Name who holds the rights"),
        ({"licence": "MIT", "holder": "Acme", "year": ""}, "Give the year"),
        ({"licence": "MIT", "holder": "Acme", "year": "12"}, "1950"),
        ({"licence": "WTFPL", "holder": "Acme", "year": "2024"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_granted_is_said_beside_its_field_and_nothing_starts(cast, generation, sent, words):
    address = f"/w/acme/tasks/{generation.pipeline.task_id}/pipeline/generate/"
    answer = cast.browser(cast.editor).post(address, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (f'value="{sent["licence"]}" checked' in answer.content.decode()) is (sent["licence"] in list(LicenceKind))
    assert not Stage.objects.exists()
