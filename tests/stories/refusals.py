"""Everything by which the portal refuses; anything else that is raised is a bug."""

from __future__ import annotations

from portal.accounts.refusals import AccountRefused
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.draft import CannotApply
from portal.applications.evidence import BadFile
from portal.applications.forward import CannotForward
from portal.applications.match import CannotMatch
from portal.applications.not_found import NotSearched, StillMatched
from portal.applications.parts import NotYours
from portal.applications.receive import AlreadyReceived, NotInHand
from portal.applications.search import CannotSearch
from portal.applications.states import WrongState
from portal.applications.submit import Incomplete
from portal.applications.typed import BadText
from portal.approvals.refusals import AlreadyDecided, BadOpinion, NoSuchTransferor, NotYourStep
from portal.destruction.confirm import CannotConfirm
from portal.handover.prepare import CannotHandOver
from portal.handover.transferor import NotTransferor
from portal.otp.codes import CodeRefused
from portal.packages.refusal import PackageRefused
from portal.playback.open_session import IdentityNotChecked, PurposeMissing
from portal.playback.refusal import PlaybackRefused
from portal.recordings.claim import ClaimRefused
from portal.restrictions.refusals import RestrictionRefused
from stories.deeds_after import NothingPrepared

REFUSALS = (
    AccountRefused,
    AlreadyDecided,
    AlreadyReceived,
    BadFile,
    BadOpinion,
    BadText,
    CannotApply,
    CannotConfirm,
    CannotForward,
    CannotHandOver,
    CannotMatch,
    CannotSearch,
    ClaimRefused,
    CodeRefused,
    Conflict,
    IdentityNotChecked,
    Incomplete,
    NoSuchTransferor,
    NotCustodian,
    NotInHand,
    NotSearched,
    NotTransferor,
    NotYourStep,
    NotYours,
    NothingPrepared,
    PackageRefused,
    PlaybackRefused,
    PurposeMissing,
    RestrictionRefused,
    StillMatched,
    WrongState,
)
