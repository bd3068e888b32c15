"""Photos: decoded at a distance, and painted anew with nothing but their pixels."""
