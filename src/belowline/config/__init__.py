"""Settings, addresses, WSGI, system checks: everything is put together here."""
