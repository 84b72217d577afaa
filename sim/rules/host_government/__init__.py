"""A host government: attacks start from its soil, and it may look away or act.

It gathers intelligence on each militia, and raids when it knows enough, wills it, is
able to, and has grown impatient or is pushed. A raid breaks off attacks in
preparation, arrests and seizes. Courts and shows of force bring the arrested out
again. A strike on its soil by a foreign power is a breach of its sovereignty.
"""

from sim.rules.host_government.state import (
    HostGovernmentMemory,
    HostGovernmentParams,
    HostGovernmentView,
)
from sim.rules.host_government.table import KIND

__all__ = ["KIND", "HostGovernmentMemory", "HostGovernmentParams", "HostGovernmentView"]
