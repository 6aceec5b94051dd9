"""A made-up history for trying the application out: no figure in it was ever counted."""
