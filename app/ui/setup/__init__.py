"""First run, unlocking, settings, and what is said when a home cannot be opened."""
