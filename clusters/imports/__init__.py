"""Figures from files."""
