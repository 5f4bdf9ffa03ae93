"""The marts in PostgreSQL, for BI servers that need one; a copy of the current publication."""

from orchestration.publication.postgresql.load import Loaded, LoadRefused, publish_to

__all__ = ["LoadRefused", "Loaded", "publish_to"]
