"""The rules that everything a target declares has to keep, whichever target it is. Pure.

:mod:`docker` and :mod:`kubernetes` read a declared resource as what the rules speak of, so that each rule of
:mod:`rules` is written once and holds for both; ``targets/guard.py`` applies them before a resource is
registered (docs/policy.md).
"""

from __future__ import annotations

from galley_iac.policy.rules import violations

__all__ = ["violations"]
