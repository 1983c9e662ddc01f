"""Text of a manifest → :class:`~galley_iac.manifest.models.Manifest`. Pure: reads nothing but what it is
given.
"""

from galley_iac.manifest.parsing import Parsed, parse

__all__ = ["Parsed", "parse"]
