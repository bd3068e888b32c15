"""Publishing: views in, `{address: page}` out. Everything submitted is escaped by the templates."""
