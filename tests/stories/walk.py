"""The walk: random people try random things at random times, and now and then the right ones."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from portal import clock
from portal.destruction import pending as destruction
from portal.extensions import db
from portal.packages import end as packages
from portal.restrictions.serve import end_stopped_sessions
from portal.retention import purge
from portal.roles import Role
from stories import filing, invariants, office
from stories.installation import LINES
from stories.steps import ALL, Steps, next_deed
from stories.town import Town

anybody = st.integers(0, 11)
some = st.integers(0, 30)


class Walk(Steps):
    """What may happen next; after each step everything is looked at."""

    @initialize(
        line=st.sampled_from(LINES),
        extra=st.lists(st.tuples(anybody, st.sampled_from(list(Role))), max_size=3),
    )
    def begin(self, line: tuple[Role, ...], extra: list[tuple[int, Role]]) -> None:
        self.line = list(line)
        self.stack.enter_context(type(self).install(line))
        self.town = Town(extra)
        for lines in ([self.town.lines[0]], [self.town.lines[10]], [self.town.lines[12]]):
            self.town.record(lines, 30)

    # Time

    @rule(minutes=st.sampled_from([5, 11, 45, 400]), nights=st.sampled_from([0, 0, 0, 1, 1, 2, 4]))
    def time_passes(self, minutes: int, nights: int) -> None:
        """Some minutes; or to the very midnight, or (5, 11) to some minutes before it."""
        if not nights:
            return self.forward(timedelta(minutes=minutes))
        midnight = clock.midnight(clock.today() + timedelta(days=nights))
        moment = midnight - timedelta(minutes=minutes) if minutes < 12 else midnight
        return self.forward(max(moment - clock.now(), timedelta(minutes=1)))

    @rule()
    def the_worker_runs(self) -> None:
        report = purge.run()
        assert not report.failed
        packages.tidy()
        destruction.close_never_taken()
        destruction.mark_unanswered()
        end_stopped_sessions()
        db.session.rollback()
        for matter in self.matters:
            self.time_decides(matter)
        invariants.nothing_is_left_past_its_day(self.town)
        self.town.forget_what_is_gone()
        self.packages_are_built()

    # Calls and applications

    @rule(lines=st.lists(some, min_size=1, max_size=2, unique=True), minutes=st.integers(1, 50))
    def somebody_calls(self, lines: list[int], minutes: int) -> None:
        self.tick()
        chosen = dict.fromkeys(self.town.lines[n % len(self.town.lines)] for n in lines)
        self.town.record(list(chosen), minutes)

    @rule(
        kind=st.sampled_from(["employee", "citizen", "official"]),
        kind_of=st.sampled_from(["inspection", "provision"]),
        n=some,
        who=anybody,
    )
    def somebody_files(self, kind: str, kind_of: str, n: int, who: int) -> None:
        call = self.town.calls[-1 - n % len(self.town.calls)]
        filing.file_it(self, kind, kind_of, call, self.town.cast[who])

    @rule(n=some, kind_of=st.sampled_from(["inspection", "provision"]), who=some, kind=some)
    def the_right_person_files(self, n: int, kind_of: str, who: int, kind: int) -> None:
        call = self.town.calls[-1 - n % len(self.town.calls)]
        kinds = ("employee", "citizen", "employee", "official")
        chosen = kinds[kind % len(kinds)]
        able = [w for w in self.town.cast
                if filing.may_file_it(self.matters, chosen, kind_of, call, w)]  # fmt: skip
        if able:
            filing.file_it(self, chosen, kind_of, call, able[who % len(able)])

    # What is done with an application

    @precondition(lambda self: self.matters)
    @rule(
        m=some,
        tries=st.lists(st.tuples(st.sampled_from(sorted(ALL)), anybody), min_size=1, max_size=5),
        n=st.sampled_from([0, 0, 1, 2, 3]),
    )
    def anybody_tries(self, m: int, tries: list[tuple[str, int]], n: int) -> None:
        for deed, who in tries:
            self.deed(deed, self.matters[-1 - m % len(self.matters)], self.town.cast[who], n)

    @precondition(lambda self: self.matters)
    @rule(m=some, who=some)
    def whom_it_concerns_tries_the_next_step(self, m: int, who: int) -> None:
        """Parties, the enterer, who decided before, the restricted: those who must not."""
        matter = self.matters[-1 - m % len(self.matters)]
        close = [
            w
            for w in self.town.cast
            if matter.concerns(w) or w in matter.deciders or w.is_restricted
        ]
        name = next_deed(matter)
        if name in ALL and close:
            self.deed(name, matter, close[who % len(close)], 0)

    @precondition(lambda self: self.matters)
    @rule(m=some, way=some, who=some, n=st.sampled_from([0, 0, 1, 2, 3]))
    def it_takes_a_side_way(self, m: int, way: int, who: int, n: int) -> None:
        """Something that may be done and is not the next step: 보완요구, 반려, 회수, 취하, …"""
        matter = self.matters[-1 - m % len(self.matters)]
        others = [deed for deed in sorted(ALL) if deed != next_deed(matter)]
        open_ways = [
            (deed, w)
            for deed in others
            for w in self.town.cast
            if ALL[deed].may(self.town, matter, w, n)
        ]
        deeds = sorted({deed for deed, _w in open_ways})
        if deeds:
            able = [w for deed, w in open_ways if deed == deeds[way % len(deeds)]]
            self.deed(deeds[way % len(deeds)], matter, able[who % len(able)], n)

    @precondition(lambda self: self.matters)
    @rule(m=some, who=some, steps=st.integers(1, 9), n=st.sampled_from([0, 0, 2, 3, 4]))
    def it_goes_its_way(self, m: int, who: int, steps: int, n: int) -> None:
        """The next steps of the procedure, by people who may take them."""
        self.some_steps(m, who, steps, n)

    @precondition(lambda self: self.matters)
    @rule(m=st.integers(0, 2), who=some)
    def it_goes_all_its_way(self, m: int, who: int) -> None:
        self.some_steps(m, who, 12, 0)

    @precondition(lambda self: any(m.sessions for m in self.matters))
    @rule(s=some, who=st.one_of(st.none(), anybody), n=some)
    def somebody_listens(self, s: int, who: int | None, n: int) -> None:
        opened = [(m, one) for m in self.matters for one in m.sessions]
        matter, one = opened[-1 - s % len(opened)]
        self.hear(matter, one, None if who is None else self.town.cast[who], n)

    # People

    @rule(
        what=st.sampled_from(["claim", "restrict", "restrict", "lift", "role", "leave", "act"]),
        who=anybody,
        by=st.tuples(anybody, anybody, anybody),
        n=some,
        role=st.sampled_from(list(Role)),
    )
    def something_happens_to_people(
        self, what: str, who: int, by: tuple[int, int, int], n: int, role: Role
    ) -> None:
        person, others = self.town.cast[who], [self.town.cast[one] for one in by]
        match what:
            case "claim":
                shared = [c for c in self.town.calls if any(line.shared for line in c.lines)]
                call = (shared or self.town.calls)[-1 - n % len(shared or self.town.calls)]
                filing.claim_it(self, call, person)
                filing.answer_it(self, call, others[0], confirmed=n % 3 > 0)
            case "restrict":
                office.restrict(self, person, others, (0, 2, None)[n % 3])
            case "lift":
                office.lift(self, person, n)
            case "role":
                office.change_role(self, person, role, others[0], n)
            case "leave":
                office.leave(self, person, others[0])
            case "act":
                office.act(self, person, self.line[n % len(self.line)], by[0], by[1] % 4)

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "town"):
            invariants.check_all(self.matters)
