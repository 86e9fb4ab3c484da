"""The results page and its report."""
