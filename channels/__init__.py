"""The edge: settings, wiring, HTTP, sockets, pages, commands."""
