"""Telling people: the outbox of inbox messages and e-mails, and what is sent from it.

A row is the message and the truth; a task is only a nudge. See docs/adr/0007-deliveries.md.
"""

from reports.deliveries.outbox import notify

__all__ = ["notify"]
