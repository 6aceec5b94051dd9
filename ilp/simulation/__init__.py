"""A year of reports in which everything is exactly on schedule: whatever is called poor in it, or
asked to be decided, is a false alarm. ``manage.py simulate_year`` prints it."""
