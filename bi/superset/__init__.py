"""The Superset workspace: its bundle's sources, its configuration, its locked requirements."""
