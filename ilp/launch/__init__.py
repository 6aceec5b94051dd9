"""Starts and watches one installation: servers, web, workers, clock (``scripts/run``)."""
