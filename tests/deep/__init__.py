"""Long runs that ``scripts/test --deep`` adds to the suite (docs/testing.md). Each module here is
one of them: started with ``python -m tests.deep.NAME``, it says what it does in a line or two,
prints its results as it goes and exits with 0 when all is well."""
