"""What people see: the window, its pages and its widgets."""
