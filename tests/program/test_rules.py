"""Rules that hold for every resource of every example, and that a golden file alone would let slip."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

import pytest

from galley_iac.plan.model import Plan
from tests.program.docker_mocks import SECRETS, declared
from tests.program.recording import Registered, Run, Secret, open_texts
from tests.unit.plan.support import whole_plan
from tests.unit.plan.test_golden import MANIFESTS, example, name_of

PLANS = {name_of(path): example(path) for path in MANIFESTS} | {"whole": whole_plan()}
COMPONENT = "galley:index:Preview"


@pytest.fixture(scope="module", params=sorted(PLANS))
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]


@pytest.fixture(scope="module")
def run(plan: Plan) -> Run:
    made = declared(plan)
    assert made.error is None
    return made


def labels(one: Registered) -> dict[str, str]:
    return {entry["label"]: entry["value"] for entry in one.inputs["labels"]}


def objects(run: Run) -> list[Registered]:
    """What becomes an object with labels on the engine."""
    return [*run.of("Container"), *run.of("Network"), *run.of("Volume")]


def test_the_component_is_the_parent_of_everything(plan: Plan, run: Run) -> None:
    (component,) = run.of(COMPONENT)
    assert component.name == plan.name
    assert component.parent.startswith("Stack ")
    parents = {one.parent for one in run.resources if one is not component}
    assert parents == {f"Preview {plan.name}"}


def test_every_object_is_made_by_the_preview_s_own_provider(run: Run) -> None:
    (provider,) = run.of("docker")
    assert provider.inputs["host"] == "unix:///var/run/docker.sock"
    assert {one.provider for one in objects(run) + run.of("RemoteImage")} == {"docker engine"}


def test_names_are_the_services_own(plan: Plan, run: Run) -> None:
    probed = {c.service for c in plan.containers if c.is_probed}
    expected = {c.service for c in plan.containers} | {f"{name}.ready" for name in probed}
    assert set(run.names("Container")) == expected | ({"router"} if plan.router else set())
    assert run.names("Network") == ["network"]
    assert set(run.names("Volume")) == {f"{c.service}.data" for c in plan.containers if c.volume}
    assert set(run.names("RemoteImage")) == {
        getattr(image, "tag", None) or getattr(image, "reference", None) for image in plan.images
    }


def test_objects_are_named_after_the_preview(plan: Plan, run: Run) -> None:
    for one in run.of("Container"):
        assert one.inputs["name"] == f"{plan.name}.{one.name}"
    assert run.one("Network", "network").inputs["name"] == plan.name
    names = [one.inputs["name"] for one in objects(run)]
    assert all(name == plan.name or name.startswith(f"{plan.name}.") for name in names)


def gate_of(plan: Plan, service: str) -> str:
    return f"Container {service}.ready" if plan.container(service).is_probed else f"Container {service}"


def test_a_service_waits_for_what_it_depends_on(plan: Plan, run: Run) -> None:
    for container in plan.containers:
        made = run.one("Container", container.service)
        waits = {one for one in made.dependencies if one.startswith("Container ")}
        assert waits == {gate_of(plan, name) for name in container.depends_on}


def test_a_check_waits_for_its_service_alone(plan: Plan, run: Run) -> None:
    for container in plan.containers:
        if container.is_probed:
            made = run.one("Container", f"{container.service}.ready")
            waits = [one for one in made.dependencies if one.startswith("Container ")]
            assert waits == [f"Container {container.service}"]


def test_the_router_waits_for_no_service(plan: Plan, run: Run) -> None:
    """It starts beside them and holds requests until they answer."""
    if plan.router:
        made = run.one("Container", "router").dependencies
        assert [one for one in made if one.startswith("Container ")] == []


def test_every_container_is_on_the_preview_s_network_and_no_other(plan: Plan, run: Run) -> None:
    for one in run.of("Container"):
        (attached,) = one.inputs["networksAdvanced"]
        assert attached["name"] == plan.name
        assert set(attached["aliases"]) <= {one.name}
        assert "Network network" in one.dependencies
        assert "networkMode" not in one.inputs


def test_nothing_is_privileged(run: Run) -> None:
    forbidden = {
        "privileged",
        "devices",
        "ipcMode",
        "pidMode",
        "usernsMode",
        "cgroupnsMode",
        "mounts",
        "hosts",
    }
    for one in run.of("Container"):
        assert not forbidden & set(one.inputs), one.name
        assert "no-new-privileges:true" in one.inputs["securityOpts"]
        assert "CAP_NET_RAW" in one.inputs["capabilities"]["drops"] or one.inputs["capabilities"][
            "drops"
        ] == ["ALL"]
        assert set(one.inputs["capabilities"].get("adds", [])) <= {"CAP_NET_BIND_SERVICE"}


def test_no_folder_of_the_host_is_mounted(plan: Plan, run: Run) -> None:
    """Above all not the engine's socket."""
    for one in run.of("Container"):
        for mounted in one.inputs.get("volumes", []):
            assert set(mounted) == {"volumeName", "containerPath"}
            assert mounted["volumeName"].startswith(f"{plan.name}.")


def test_every_container_has_its_limits_in_the_one_form_that_stays(run: Run) -> None:
    for one in run.of("Container"):
        assert one.inputs["memory"] == one.inputs["memorySwap"] >= 1
        assert one.inputs["cpus"] == str(float(one.inputs["cpus"]))


def test_only_the_router_publishes_a_port_and_only_on_loopback(plan: Plan, run: Run) -> None:
    published = {one.name: one.inputs["ports"] for one in run.of("Container") if one.inputs.get("ports")}
    assert set(published) == ({"router"} if plan.router else set())
    for (port,) in published.values():
        assert ipaddress.ip_address(port["ip"]).is_loopback
        assert (port["internal"], port["external"]) == (80, 20001)
    assert not any(one.inputs.get("publishAllPorts") for one in run.of("Container"))


def test_labels_are_on_every_object(plan: Plan, run: Run) -> None:
    for one in objects(run):
        own = labels(one)
        assert own["galley.project"] == plan.preview.identity.project
        assert own["galley.preview"] == plan.name
        assert own["galley.identity"] == plan.preview.identity.digest()
        assert re.fullmatch("network|volume|service|job|probe|router", own["galley.role"])
        assert list(own) == sorted(own), "another order would be another container"
        assert all(own.values())


def test_services_are_labelled(plan: Plan, run: Run) -> None:
    for one in [*run.of("Container"), *run.of("Volume")]:
        assert labels(one)["galley.service"] == one.name.partition(".")[0]
    for container in plan.containers:
        own = labels(run.one("Container", container.service))
        assert own["galley.kind"] == container.kind
        assert own.get("galley.port", "") == str(container.expose or "")


def test_the_network_says_whose_it_is(run: Run) -> None:
    own = labels(run.one("Network", "network"))
    assert own["galley.branch"] == "main"
    assert "galley.pr" not in own


def test_the_network_has_the_subnet_that_was_chosen(run: Run) -> None:
    made = run.one("Network", "network")
    assert made.inputs["ipamConfigs"] == [{"subnet": "10.213.0.0/26"}]
    assert made.options == {"deleteBeforeReplace": True}


def test_containers_are_deleted_first_and_replaced_when_broken(run: Run) -> None:
    for one in run.of("Container"):
        assert one.options["deleteBeforeReplace"] is True
        assert "#initerror" in one.options["replaceOnChanges"]


def test_images_stay_on_the_engine(run: Run) -> None:
    for one in run.of("RemoteImage"):
        assert one.inputs["keepLocally"] is True
        assert one.name == one.inputs["name"]
        assert "forceRemove" not in one.inputs


def test_only_a_built_image_ignores_how_it_is_built(run: Run) -> None:
    for one in run.of("RemoteImage"):
        assert ("build" in one.inputs) == (one.options == {"ignoreChanges": ["build"]})


def test_no_secret_is_open(run: Run) -> None:
    for one in run.resources:
        texts = [*open_texts(one.inputs), *open_texts(one.options), one.name]
        assert not [text for text in texts for value in SECRETS.values() if value in text], one.key


def test_a_secret_reaches_its_service(plan: Plan, run: Run) -> None:
    """The positive control of the test above."""
    for container in plan.containers:
        hidden = [name for name, value in container.env if value.is_secret]
        made = run.one("Container", container.service)
        env = made.inputs.get("envs", [])
        entries = env.value if isinstance(env, Secret) else env
        shown = [entry.value if isinstance(entry, Secret) else entry for entry in entries]
        assert len([entry for entry in shown if any(value in entry for value in SECRETS.values())]) == len(
            hidden
        )
        assert ("envs" in made.options.get("additionalSecretOutputs", [])) == bool(hidden)


def test_no_input_of_an_object_names_a_folder_of_this_machine(run: Run, galley_home: Path) -> None:
    """A path of this machine in a container's input would replace it on another."""
    for one in objects(run):
        assert not [
            text for text in open_texts(one.inputs) if str(galley_home) in text or "/repository" in text
        ]
