"""The call page: its parts know no service; the page joins them."""
