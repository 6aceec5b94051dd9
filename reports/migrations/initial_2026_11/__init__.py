"""The tables of reviews, problems, documents and deliveries as they stood in November 2026, by subject.

The operations of ``0001_initial_2026_11``; later changes are migrations of their own.
"""
