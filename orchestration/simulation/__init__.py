"""The stand-in for the departments: an invented population and the files it would be filed in.

``simulate`` fills the inbox of a deployment. Nothing outside this package imports it (the command
line does, when asked to simulate), and what it planted lies in ``truth/``, which no stage reads.
"""

from orchestration.simulation.run import simulate

__all__ = ["simulate"]
