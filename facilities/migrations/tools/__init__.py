"""What the initial migrations of all apps are made with.

Migrations that ran must stay as they were: whoever needs another history table or trigger writes a
new migration (``makemigrations`` does), and leaves these functions alone until the next squash.
"""
