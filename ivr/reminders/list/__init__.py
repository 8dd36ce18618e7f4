"""The clinic's list of appointments: the sheet, its columns, its cells, and the moments in them."""
