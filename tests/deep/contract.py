"""Schemathesis with every check against a running site: ``scripts/test --deep=contract [N]``.

N: examples an operation and phase (200). Ends with 0 when there is no finding.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

EXAMPLES = "PANTAU_CONTRACT_EXAMPLES"

if __name__ == "__main__":
    os.environ[EXAMPLES] = (sys.argv[1:] or ["200"])[0]
    tests = str(Path(__file__).with_name("_contract.py"))
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", tests]))
