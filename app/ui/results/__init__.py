"""The results page: figures of a period beside the one before, their pictures and tables, and the report."""
