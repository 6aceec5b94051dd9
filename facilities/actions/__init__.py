"""Writes that touch several models of this app."""
