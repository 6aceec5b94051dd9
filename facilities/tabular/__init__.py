"""Rows in and out of files: what the apps share when they read CSV and XLSX."""
