"""Writes that touch several rows of this app."""
