"""Faults on purpose: does the suite notice? See README.md; ``python -m tests.faults`` runs it."""
