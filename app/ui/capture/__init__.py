"""Taking down who shows interest: the form, and lists from files."""
