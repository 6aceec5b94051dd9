"""PostgreSQL as Django knows it; every session says for which area it works."""
