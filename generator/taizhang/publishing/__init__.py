"""The site: MkDocs renders the theme around empty shells, and every data page is stamped into one."""
