"""Small widgets that know no service and no page; one public widget a file."""
