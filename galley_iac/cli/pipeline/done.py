"""How a run of ``galley ci`` ended."""

from __future__ import annotations

from dataclasses import dataclass

from galley_iac.forge.decide import Decision


@dataclass(frozen=True)
class Done:
    """What was decided, and what came in between."""

    preview: str
    decision: Decision
    superseded: str = ""
    urls: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        """For ``--json``; what there is nothing to say of is left out."""
        decision = self.decision
        data = {
            "preview": self.preview,
            "act": str(decision.act),
            "why": decision.why,
            "commit": decision.commit,
            "superseded": self.superseded,
            "urls": list(self.urls),
        }
        return {name: value for name, value in data.items() if value}
