"""What keeps data safe: roles and walls of the database, the chain over its history, backups."""
