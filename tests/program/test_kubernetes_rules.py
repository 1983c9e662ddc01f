"""Rules that hold for every object on a cluster, and that a golden file alone would let slip."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from galley_iac.cluster import labels
from galley_iac.manifest import parse
from galley_iac.plan.cluster import PROBER
from galley_iac.plan.model import Plan
from galley_iac.plan.renewal import renewed
from tests.program.docker_mocks import SECRETS
from tests.program.kubernetes_mocks import CLUSTER, NUMBERED_USER, declared
from tests.program.recording import Registered, Run, Secret, open_texts
from tests.program.test_kubernetes_graph import NAMES, example
from tests.unit.plan import support

COMPONENT = "galley:index:Preview"
WHOLE = support.plan(
    parse(support.STACK, "galley.yaml").manifest,
    settings=dataclasses.replace(support.SECRETS, cluster=CLUSTER),
)
PLANS = {name: example(name) for name in NAMES} | {"whole": WHOLE}
DIGEST = re.compile(r"registry\.test:5000/previews/[a-z0-9./-]+@sha256:[0-9a-f]{64}")
OF_DOCKER = ("RemoteImage", "RegistryImage", "Tag")


@pytest.fixture(scope="module", params=sorted(PLANS))
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]


@pytest.fixture(scope="module")
def run(plan: Plan) -> Run:
    made = declared(plan)
    assert made.error is None
    return made


def objects(run: Run) -> list[Registered]:
    """What becomes an object of the cluster."""
    return [one for one in run.resources if "metadata" in one.inputs]


def workloads(run: Run) -> list[Registered]:
    return [*run.of("Deployment"), *run.of("Job")]


def pod(one: Registered) -> dict[str, Any]:
    found: dict[str, Any] = one.inputs["spec"]["template"]["spec"]
    return found


def test_the_component_is_the_parent_of_everything(plan: Plan, run: Run) -> None:
    (component,) = run.of(COMPONENT)
    parents = {one.parent for one in run.resources if one is not component}
    assert parents == {f"Preview {plan.name}"}


def test_every_object_is_made_by_the_preview_s_own_providers(run: Run) -> None:
    assert {one.provider for one in objects(run)} == {"kubernetes cluster"}
    assert {one.provider for kind in OF_DOCKER for one in run.of(kind)} == {"docker engine"}
    assert run.one("kubernetes", "cluster").inputs == {"context": "test"}


def test_names_are_the_services_own(plan: Plan, run: Run) -> None:
    jobs = {c.service for c in plan.containers if c.is_job}
    staying = {c.service for c in plan.containers} - jobs
    assert set(run.names("Deployment")) == set(run.names("Service")) == staying
    assert set(run.names("Job")) == jobs
    assert set(run.names("Ingress")) == {route.service for route in plan.routes}
    assert set(run.names("Secret")) == {f"{c.service}.env" for c in plan.containers if c.env}
    kept = {f"{c.service}.data" for c in plan.containers if c.volume and not c.ephemeral}
    assert set(run.names("PersistentVolumeClaim")) == kept
    for kind in ("Deployment", "Service", "Ingress"):
        assert all(one.inputs["metadata"]["name"] == one.name for one in run.of(kind))


def test_everything_is_in_the_preview_s_namespace_and_waits_for_it(plan: Plan, run: Run) -> None:
    assert run.one("Namespace", "namespace").inputs["metadata"]["name"] == plan.name
    for one in objects(run):
        if one.type != "Namespace":
            assert one.inputs["metadata"]["namespace"] == plan.name
            assert "Namespace namespace" in one.dependencies


def test_labels_are_on_every_object_and_every_pod(plan: Plan, run: Run) -> None:
    pods = [one.inputs["spec"]["template"]["metadata"] for one in workloads(run)]
    for metadata in [*(one.inputs["metadata"] for one in objects(run)), *pods]:
        own = metadata["labels"]
        assert own["galley.project"] == plan.preview.identity.project
        assert own["galley.preview"] == plan.name
        assert own["galley.identity"] == plan.preview.identity.digest()
        assert own["galley.role"]
        assert all(labels.value(text) == text for text in own.values())


def test_services_are_labelled(run: Run) -> None:
    for kind in ("Deployment", "Job", "Service", "Ingress", "Secret", "PersistentVolumeClaim"):
        for one in run.of(kind):
            assert one.inputs["metadata"]["labels"]["galley.service"] == one.name.partition(".")[0]


def test_a_service_waits_for_what_it_depends_on(plan: Plan, run: Run) -> None:
    made = {one.name: one for one in workloads(run)}
    for container in plan.containers:
        known = {
            one for one in made[container.service].dependencies if one.startswith(("Deployment ", "Job "))
        }
        assert known == {made[name].key for name in container.depends_on}


def test_no_pod_is_made_before_the_policies(run: Run) -> None:
    for one in workloads(run):
        assert {policy.key for policy in run.of("NetworkPolicy")} <= set(one.dependencies)


def test_everything_is_closed_but_to_siblings(run: Run) -> None:
    spec = run.one("NetworkPolicy", "default").inputs["spec"]
    assert (spec["podSelector"], spec["policyTypes"]) == ({}, ["Ingress", "Egress"])
    assert spec["ingress"] == [{"from": [{"podSelector": {}}]}]
    (metadata_service,) = [
        block["ipBlock"]["except"]
        for rule in spec["egress"]
        for block in rule.get("to", [])
        if block.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
    ]
    assert {"169.254.0.0/16", "10.0.0.0/8"} <= set(metadata_service)


def test_the_controller_reaches_a_web_or_api_on_its_port_alone(plan: Plan, run: Run) -> None:
    routed = {route.service: route for route in plan.routes}
    assert set(run.names("NetworkPolicy")) == {"default", *routed}
    for name, route in routed.items():
        spec = run.one("NetworkPolicy", name).inputs["spec"]
        assert spec["podSelector"] == {"matchLabels": {"galley.service": name}}
        (rule,) = spec["ingress"]
        (peer,) = rule["from"]
        assert peer == {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "traefik"}}}
        assert rule["ports"] == [{"port": route.port, "protocol": "TCP"}]


def test_routes_have_the_hosts_that_docker_s_have(plan: Plan, run: Run) -> None:
    for route in plan.routes:
        spec = run.one("Ingress", route.service).inputs["spec"]
        assert [rule["host"] for rule in spec["rules"]] == list(route.hosts)
        paths = [path for rule in spec["rules"] for path in rule["http"]["paths"]]
        assert {path["backend"]["service"]["port"]["number"] for path in paths} == {route.port}


def test_every_image_is_named_by_its_digest(run: Run) -> None:
    for one in workloads(run):
        for container in pod(one)["containers"]:
            assert DIGEST.fullmatch(container["image"]), container["image"]
            assert container["imagePullPolicy"] == "IfNotPresent"


def test_images_stay_in_the_registry(run: Run) -> None:
    assert all(one.inputs["keepRemotely"] for one in run.of("RegistryImage"))
    assert run.names("RegistryImage") == run.names("Tag") == run.names("RemoteImage")


def test_nothing_is_privileged(run: Run) -> None:
    for one in workloads(run):
        spec = pod(one)
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert {kind for volume in spec.get("volumes", []) for kind in volume} <= {
            *("name", "configMap", "emptyDir", "persistentVolumeClaim")
        }
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert set(security["capabilities"]) == {"drop"}
            assert {"ALL", "NET_RAW"} & set(security["capabilities"]["drop"])
            assert all("hostPort" not in port for port in container.get("ports", []))


def test_every_container_has_limits_and_small_requests(run: Run) -> None:
    for one in workloads(run):
        for container in pod(one)["containers"]:
            assert set(container["resources"]["limits"]) == {"cpu", "memory"}
            assert container["resources"]["requests"] == {"cpu": "10m", "memory": "32Mi"}


def test_what_has_a_check_is_asked_by_the_probe(plan: Plan, run: Run) -> None:
    for container in plan.containers:
        (own, *probers) = pod({one.name: one for one in workloads(run)}[container.service])["containers"]
        assert own["name"] == container.service
        assert "readinessProbe" not in own
        assert [prober["name"] for prober in probers] == ([PROBER] if container.is_probed else [])
        for prober in probers:
            first = prober["startupProbe"]
            assert first["failureThreshold"] == 1
            assert first["exec"]["command"][:2] == ["python3", "/galley-probe/ready.py"]
            assert first["exec"]["command"][3] == container.service
            assert float(first["exec"]["command"][5]) == container.check.timeout  # type: ignore[union-attr]
            assert first["timeoutSeconds"] > container.check.timeout  # type: ignore[union-attr]


def test_what_keeps_data_ends_before_its_successor_begins(plan: Plan, run: Run) -> None:
    for container in plan.containers:
        if container.is_job:
            continue
        made = run.one("Deployment", container.service)
        assert ("deleteBeforeReplace" in made.options) == (container.volume is not None)
        assert (made.options.get("replaceOnChanges") == ["spec"]) == (container.volume is not None)
        assert made.inputs["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_claim_is_never_replaced(run: Run) -> None:
    for one in run.of("PersistentVolumeClaim"):
        assert one.options == {"ignoreChanges": ["spec"]}


def test_what_is_new_with_every_deploy_says_so(plan: Plan, run: Run) -> None:
    for one in workloads(run):
        noted = one.inputs["spec"]["template"]["metadata"].get("annotations", {})
        assert (labels.DEPLOY in noted) == (one.name in renewed(plan))


def test_a_job_runs_once_and_again_after_a_failure(run: Run) -> None:
    for one in run.of("Job"):
        metadata, spec = one.inputs["metadata"], one.inputs["spec"]
        assert re.fullmatch(rf"{one.name}-[0-9a-f]{{8}}", metadata["name"])
        assert metadata["annotations"]["pulumi.com/replaceUnready"] == "true"
        assert (spec["backoffLimit"], pod(one)["restartPolicy"]) == (0, "Never")
        assert one.options["deleteBeforeReplace"] is True


def test_a_job_s_name_follows_from_its_content() -> None:
    def name(command: str) -> str:
        text = support.STACK.replace("alembic upgrade head", command).replace("    ephemeral: true\n", "")
        settings = dataclasses.replace(support.SECRETS, cluster=CLUSTER)
        made = declared(support.plan(parse(text, "galley.yaml").manifest, settings=settings))
        return str(made.one("Job", "migrate").inputs["metadata"]["name"])

    assert name("a") == name("a")
    assert name("a") != name("b")


def test_what_a_service_may_use_at_most_is_in_the_quota(plan: Plan, run: Run) -> None:
    hard = run.one("ResourceQuota", "quota").inputs["spec"]["hard"]
    assert int(hard["pods"]) > 2 * len(plan.containers)
    assert hard["services.loadbalancers"] == hard["services.nodeports"] == "0"
    assert run.one("LimitRange", "limits").inputs["spec"]["limits"][0]["type"] == "Container"
    security = run.one("Namespace", "namespace").inputs["metadata"]["labels"]
    assert security["pod-security.kubernetes.io/enforce"] == "baseline"


def test_no_secret_is_open(run: Run) -> None:
    for one in run.resources:
        texts = [*open_texts(one.inputs), *open_texts(one.options), one.name]
        assert not [text for text in texts for value in SECRETS.values() if value in text], one.key


def test_a_secret_reaches_its_service() -> None:
    """The positive control of the test above."""
    data = declared(WHOLE).one("Secret", "api.env").inputs["stringData"]
    assert isinstance(data, Secret)
    assert data.value["TOKEN"] == SECRETS["TOKEN"]


def test_an_image_s_own_user_is_held_to() -> None:
    made = declared(WHOLE, user=NUMBERED_USER)
    (own, *_) = pod(made.one("Deployment", "api"))["containers"]
    assert own["securityContext"]["runAsNonRoot"] is True
    assert made.one("Deployment", "api").inputs["metadata"]["annotations"][labels.USER] == NUMBERED_USER
    assert own["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    (database, *_) = pod(made.one("Deployment", "db"))["containers"]
    assert "runAsNonRoot" not in database["securityContext"]


def test_a_user_by_name_is_unknown_to_the_node() -> None:
    (own, *_) = pod(declared(WHOLE, user="app").one("Deployment", "api"))["containers"]
    assert "runAsNonRoot" not in own["securityContext"]
