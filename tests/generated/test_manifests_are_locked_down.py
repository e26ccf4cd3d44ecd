"""Every pod and container that is described runs without root, with limits and without secrets written down."""

from typing import Any

import pytest
import yaml

from pipelines.domain.architecture import Architecture, Form, Serving
from tests.pipelines.projects import project_of, small_table, specification_of

OFFERED = {
    Serving.SERVICE: ["model"],
    Serving.DEPENDENCY: [],
    Serving.PRECOMPUTE: ["model"],
    Serving.ON_DEMAND: ["model", "model-process"],
}


@pytest.fixture(params=list(Serving), ids=str)
def serving(request: pytest.FixtureRequest) -> Serving:
    return request.param


@pytest.fixture
def described(serving: Serving) -> dict[str, Any]:
    """Path to parsed YAML of what a container deployment of that serving pattern describes."""
    form = Form.FORECAST if serving is Serving.PRECOMPUTE else Form.WEB_SERVICE
    architecture = Architecture(form=form, serving=serving)
    files = project_of(specification_of(small_table(), architecture=architecture)).files
    return {path: yaml.safe_load(content) for path, content in files.items() if path.endswith(".yaml")}


def test_every_pod_runs_without_root_and_writes_no_file_system(described: dict[str, Any]) -> None:
    for pod in _pods(described):
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            held = container["securityContext"]
            assert held["readOnlyRootFilesystem"]
            assert not held["allowPrivilegeEscalation"]
            assert held["capabilities"] == {"drop": ["ALL"]}
            assert set(container["resources"]) == {"requests", "limits"}


def test_what_answers_is_probed_and_the_rest_of_the_pattern_is_there(
    described: dict[str, Any], serving: Serving
) -> None:
    deployments = {
        item["metadata"]["name"]: item
        for path, item in described.items()
        if item.get("kind") == "Deployment" and "canary" not in path
    }
    assert list(deployments) == OFFERED[serving] or set(deployments) == set(OFFERED[serving])
    for name in deployments:
        container = deployments[name]["spec"]["template"]["spec"]["containers"][0]
        if name == "model":
            assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container)
    crons = {item["metadata"]["name"] for item in described.values() if item.get("kind") == "CronJob"}
    drift = {"model-drift"} if serving is not Serving.DEPENDENCY else set()
    assert crons == {"model-retrain"} | drift | ({"model-batch"} if serving is Serving.PRECOMPUTE else set())


def test_what_the_drift_job_reads_is_what_every_pod_that_predicts_writes(
    described: dict[str, Any], serving: Serving
) -> None:
    """The volume of the prediction log, mounted where the variable says, by several pods at once."""
    if serving is Serving.DEPENDENCY:
        return
    assert described["kubernetes/log.yaml"]["spec"]["accessModes"] == ["ReadWriteMany"]
    users = [pod for pod in _pods(described) if any(volume["name"] == "log" for volume in pod.get("volumes", []))]
    assert len(users) == (3 if serving is Serving.SERVICE else 2)
    for pod in users:
        container = pod["containers"][0]
        given = {variable["name"]: variable.get("value") for variable in container["env"]}
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert given["MODEL_PREDICTION_LOG"] == mounts["log"]


def test_what_predicts_or_learns_may_tell_it_with_a_token_from_a_secret_that_need_not_be(
    described: dict[str, Any], serving: Serving
) -> None:
    """The spool lies on a volume that can be written; in the compose file both are empty unless they are set."""
    telling = [pod["containers"][0] for pod in _pods(described) if {"log", "work"} & _volumes(pod)]
    assert len(telling) == {Serving.SERVICE: 4, Serving.DEPENDENCY: 1}.get(serving, 3)
    for container in telling:
        given = {variable["name"]: variable for variable in container["env"]}
        for name, key in (("MODEL_REPORT_ADDRESS", "address"), ("MODEL_REPORT_TOKEN", "token")):
            assert given[name]["valueFrom"]["secretKeyRef"] == {"name": "model-report", "key": key, "optional": True}
        writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
        assert given["MODEL_REPORT_SPOOL"]["value"].removesuffix("/report") in writable
    services = described["compose.yaml"]["services"].values()
    told = [part["environment"] for part in services if any(":/app/" in each for each in part.get("volumes", []))]
    assert {one["MODEL_REPORT_TOKEN"] for one in told} == {"${MODEL_REPORT_TOKEN:-}"}


def test_a_service_finds_the_stable_pods_and_the_canary(described: dict[str, Any]) -> None:
    if "kubernetes/service.yaml" not in described:
        return
    wanted = described["kubernetes/service.yaml"]["spec"]["selector"].items()
    for path in ("kubernetes/serve.yaml", "kubernetes/canary/serve.yaml"):
        assert wanted <= described[path]["spec"]["template"]["metadata"]["labels"].items()


def test_no_secret_is_written_down(described: dict[str, Any]) -> None:
    assert all(item.get("kind") != "Secret" for item in described.values())
    services = described["compose.yaml"]["services"]
    told = [str(value) for part in services.values() for value in part.get("environment", {}).values()]
    assert all("PASSWORD" not in value or "${POSTGRES_PASSWORD:?" in value for value in told)
    assert all(part.get("healthcheck") for name, part in services.items() if name not in ("learn", "drift"))


def _volumes(pod: dict[str, Any]) -> set[str]:
    return {volume["name"] for volume in pod.get("volumes", [])}


def _pods(described: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for item in described.values():
        spec = item.get("spec", {})
        if "jobTemplate" in spec:
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            found.append(spec["template"]["spec"])
    assert found
    return found
