"""Which images of an engine are ours and unused, by their labels and their names."""

from __future__ import annotations

from typing import Any

from galley_iac.engine.images import unused

TAG = "galley-shop:0123456789abcdef"
PUSHED = f"registry.test:5000/previews/{TAG}"


class FakeEngine:
    """An engine with these images; its API is itself."""

    def __init__(self, *images: dict[str, Any], used: str = "") -> None:
        self.api, self._images, self._used = self, images, used

    def containers(self, **_query: object) -> list[dict[str, Any]]:
        return [{"ImageID": self._used}]

    def df(self) -> dict[str, Any]:
        return {"Images": list(self._images)}

    def inspect_image(self, _tag: str) -> dict[str, Any]:
        return {"Metadata": {"LastTagTime": "2020-01-01T00:00:00Z"}}


def image(*tags: str, project: str = "shop", name: str = "sha256:1") -> dict[str, Any]:
    labels = {"galley.project": project} if project else None
    return {"Id": name, "Labels": labels, "RepoTags": list(tags), "Size": 100, "SharedSize": 40, "Created": 1}


def found(*images: dict[str, Any], used: str = "") -> list[tuple[str, int]]:
    engine: Any = FakeEngine(*images, used=used)
    return [(one.tag, one.size) for one in unused(engine)]


def test_ours_is_what_has_the_label_and_the_name() -> None:
    assert found(image(TAG)) == [(TAG, 60)]
    assert found(image(TAG, project="")) == []
    assert found(image(TAG, project="other")) == []
    assert found(image("acme/shop:1")) == []


def test_what_a_container_was_made_from_is_used() -> None:
    assert found(image(TAG, name="sha256:7"), used="sha256:7") == []


def test_the_name_by_which_it_was_pushed_goes_too_and_counts_once() -> None:
    assert found(image(TAG, PUSHED)) == [(TAG, 60), (PUSHED, 0)]
    assert found(image("registry.test/other:0123456789abcdef")) == []
