"""What people do: one module per subject, with the verbs of that subject inside."""
