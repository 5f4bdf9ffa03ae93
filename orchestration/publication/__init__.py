"""Publication: the marts as a read-only serving copy, swapped in atomically, with its manifest."""

from orchestration.publication.manifest import Manifest, current_manifest
from orchestration.publication.publish import PublicationRefused, publish

__all__ = ["Manifest", "PublicationRefused", "current_manifest", "publish"]
