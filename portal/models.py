"""Every table, imported once, so that migrations and tests see the whole."""

from portal.access_log import models as access_log
from portal.accounts import models as accounts
from portal.api import models as api
from portal.applications import models as applications
from portal.audit import models as audit
from portal.compliance import models as compliance
from portal.destruction import models as destruction
from portal.documents import models as documents
from portal.figures import models as figures
from portal.finding import models as finding
from portal.handover import models as handover
from portal.holidays import models as holidays
from portal.jobs import models as jobs
from portal.ledger import models as ledger
from portal.notices import models as notices
from portal.numbers import SerialCounter
from portal.otp import models as otp
from portal.packages import models as packages
from portal.playback import models as playback
from portal.recordings import models as recordings
from portal.restrictions import models as restrictions
from portal.retention import models as retention

__all__ = [
    "SerialCounter",
    "access_log",
    "accounts",
    "api",
    "applications",
    "audit",
    "compliance",
    "destruction",
    "documents",
    "figures",
    "finding",
    "handover",
    "holidays",
    "jobs",
    "ledger",
    "notices",
    "otp",
    "packages",
    "playback",
    "recordings",
    "restrictions",
    "retention",
]
