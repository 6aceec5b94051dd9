"""Every page and every list of the API with every parameter and every hostile value, one at a
time: ``scripts/test --deep=parameters``. More than 20,000 addresses; none may fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    tests = str(Path(__file__).with_name("_parameters.py"))
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", tests]))
