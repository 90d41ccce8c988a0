"""What happens to people: restrictions (제9조), roles, acting deciders, leaving (제11조)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock
from portal.accounts.acting import Assignment, name_acting
from portal.accounts.changes import confirm
from portal.accounts.close_account import close_account
from portal.accounts.grant_role import ask_for_revocation, ask_for_role
from portal.database import write
from portal.extensions import db
from portal.restrictions.decide import approve, make_notice
from portal.restrictions.decide import lift as lift_it
from portal.restrictions.draft import Entry, draft
from portal.restrictions.models import UseRestriction
from portal.restrictions.serve import Receipt, serve
from portal.roles import SENSITIVE, Role
from stories.town import Acting, Actor, Restriction

if TYPE_CHECKING:
    from stories.steps import Steps

_SECOND = (Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD)
_KEPT = (Role.CUSTODIAN, Role.DIVISION_HEAD)


def restrict(walk: Steps, who: Actor, by: list[Actor], days: int | None) -> None:
    """Drafted, decided and served by three people, as far as they may."""
    drafter, decider, server = _able(walk, who, by[0]) if days != 2 else by
    today = clock.today()
    last = None if days is None else today + timedelta(days=days)
    entry = Entry(
        ground=2, facts="고지 없이 녹음함", portal_use=True, phone_recording=True,
        from_on=today, last_on=last,
    )  # fmt: skip
    walk.tick()
    if clock.today() != today:
        return
    done, row = walk.attempt(
        f"{drafter} drafts against {who}",
        drafter.has(Role.CUSTODIAN) and drafter is not who,
        lambda: draft(who.account.person, entry, by=drafter.account),
    )
    if not done:
        return
    made = Restriction(row.id, who, drafter, today, last)

    def decide() -> None:
        found = db.session.get_one(UseRestriction, made.id)
        notice = make_notice(found, decider.account)
        with write():
            approve(found, notice, by=decider.account)

    walk.tick()
    in_time = last is None or clock.today() <= last
    may = in_time and _may_decide(walk, made, decider)
    if not walk.attempt(f"{decider} restricts {who}", may, decide, alone=True)[0]:
        return
    walk.tick()
    letter = Receipt(how="registered_mail", served_at=clock.now(), note="등기 1234567890123")
    done, _ = walk.attempt(
        f"{server} serves {who}",
        server.has(Role.CUSTODIAN) and server is not who,
        lambda: serve(db.session.get_one(UseRestriction, made.id), letter, by=server.account),
    )
    if done:
        who.restrictions.append(made)
        if who.is_restricted:
            _end_access(walk, who)


def _able(walk: Steps, who: Actor, first: Actor) -> list[Actor]:
    """Three people who may, as far as there are any; `first` where there is none."""
    drafters = [w for w in walk.town.holding(Role.CUSTODIAN) if w is not who] or [first]
    heads = [w for w in walk.town.holding(Role.DIVISION_HEAD)
             if w not in (who, drafters[0])] or [first]  # fmt: skip
    return [drafters[0], heads[-1], drafters[-1]]


def lift(walk: Steps, who: Actor, n: int) -> None:
    """The head ends the first one in force; nobody lifts their own."""
    standing = [one for actor in walk.town.cast for one in actor.restrictions if one.in_force]
    if not standing:
        return
    walk.tick()
    made = standing[n % len(standing)]
    if not made.in_force:
        return
    done, _ = walk.attempt(
        f"{who} lifts {made.who}",
        _may_decide(walk, made, who),
        lambda: lift_it(
            db.session.get_one(UseRestriction, made.id), by=who.account, reason="사유 해소"
        ),
    )
    if done:
        made.lifted = True


def change_role(walk: Steps, who: Actor, role: Role, by: Actor, second: int) -> None:
    """Given where it is not held, taken where it is; sensitive ones by two people."""
    walk.tick()
    gives = role not in who.roles
    asks = ask_for_role if gives else ask_for_revocation
    others = [w for w in walk.town.holding(role) if w is not who]
    last = not gives and role in _KEPT and not others
    may = by.has(Role.CUSTODIAN) and not who.closed and (
        gives or (role is not Role.EMPLOYEE and not last)
    )  # fmt: skip
    able = [w for w in walk.town.cast if _may_be_second(w, by, who)]
    if role in SENSITIVE and may and not able:
        return  # it would wait for ever
    done, change = walk.attempt(
        f"{by} changes {role} of {who}", may, lambda: asks(who.account, role, by=by.account)
    )
    if not done:
        return
    if change is not None:
        _confirm(walk, change, by, who, second, able)
    (who.roles.add if gives else who.roles.discard)(role)
    _end_access(walk, who)


def leave(walk: Steps, who: Actor, by: Actor) -> None:
    """The account is closed: what is open ends at once, nothing more is possible."""
    walk.tick()
    last = any(who.has(role) and len(walk.town.holding(role)) == 1 for role in _KEPT)
    may = by.has(Role.CUSTODIAN) and by is not who and not who.closed and not last
    done, _ = walk.attempt(
        f"{by} closes {who}", may, lambda: close_account(who.account, by=by.account)
    )
    if done:
        who.closed = True
        who.roles.clear()
        _end_access(walk, who)


def act(walk: Steps, who: Actor, role: Role, away: int, days: int) -> None:
    """직무대리 named by a custodian and confirmed by a second person."""
    walk.tick()
    by = walk.town.holding(Role.CUSTODIAN)[0]
    holders = walk.town.holding(role)
    absent = [None, *holders][away % (len(holders) + 1)]
    today = clock.today()
    wanted = Assignment(
        role=role,
        from_on=today,
        last_on=today + timedelta(days=days),
        reason="연가",
        in_place_of=absent.account if absent else None,
    )
    able = [w for w in walk.town.cast if _may_be_second(w, by, who)]
    may = not who.closed and role not in who.roles and Role.AUDITOR not in who.roles
    if not able:
        return
    done, named = walk.attempt(
        f"{who} is to act as {role}", may, lambda: name_acting(who.account, wanted, by=by.account)
    )
    if done:
        _confirm(walk, named.change, by, who, away, able)
        walk.town.acting.append(Acting(who, role, absent, today, wanted.last_on))


def _confirm(walk: Steps, change: object, by: Actor, who: Actor, n: int, able: list[Actor]) -> None:
    """First by anybody who may not, then by somebody who may."""
    walk.tick()
    wrong = walk.town.cast[n % len(walk.town.cast)]
    for second in (wrong, able[n % len(able)]):
        may = _may_be_second(second, by, who)
        done, _ = walk.attempt(
            f"{second} confirms", may, lambda second=second: confirm(change, by=second.account)
        )
        if done:
            return


def _may_be_second(second: Actor, by: Actor, who: Actor) -> bool:
    return second not in (by, who) and any(second.has(role) for role in _SECOND)


def _may_decide(walk: Steps, made: Restriction, who: Actor) -> bool:
    """제9조: the head, or who acts where no head is free; never the person or the drafter."""
    if who in (made.who, made.drafter):
        return False
    role = Role.DIVISION_HEAD
    if who.has(role):
        return True
    away = walk.town.away(role)
    free = [h for h in walk.town.holding(role) if h not in (made.who, made.drafter, *away)]
    return walk.town.acts_for(who, role) and not free


def _end_access(walk: Steps, who: Actor) -> None:
    for matter in walk.matters:
        matter.end_sessions(who)
