"""The weekly review as an Excel form: written, read back, compared with what is stored."""
