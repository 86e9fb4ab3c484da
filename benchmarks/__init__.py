"""Each figure of Winnow beside its floor, in one run: see README.md in this folder."""
