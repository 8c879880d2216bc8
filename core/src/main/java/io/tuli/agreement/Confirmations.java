package io.tuli.agreement;

import io.tuli.MemberId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has confirmed what this member announces, and for how long the others have owed it. Knows no
 * threads, clocks or channels; one thread uses it.
 *
 * <p>Why a member waits for them: of two that begin to serve one service, one has confirmed the
 * other before that one acts. Either it had announced the service by then, and the other acts
 * knowing it, for a confirmation counts only together with that announcement; or it had not, and
 * begins knowing the other. So one of the two includes the other in every ring it ever acts on, and
 * founds nothing without asking it.
 */
final class Confirmations {

    private final Map<MemberId, Confirmation> given = new HashMap<>();
    private final Map<MemberId, Integer> owedTicks = new HashMap<>();

    /** The first word for a version counts: what it requires is the least. */
    void given(MemberId from, Confirmation confirm) {
        Confirmation before = given.get(from);
        if (before == null || confirm.heard() > before.heard()) {
            given.put(from, confirm);
            owedTicks.remove(from);
        }
    }

    /** Up to which version the member has confirmed; 0 while its own announcement is missing. */
    long of(MemberId member, Map<MemberId, Announcement> heard) {
        Confirmation confirm = given.get(member);
        Announcement theirs = heard.get(member);
        if (confirm == null || theirs == null || theirs.version() < confirm.version()) {
            return 0;
        }
        return confirm.heard();
    }

    /** Only these are here. */
    void retain(Collection<MemberId> present) {
        given.keySet().retainAll(present);
        owedTicks.keySet().retainAll(present);
    }

    /**
     * Time has passed for those who owe a confirmation. It is told in ticks, not read from a clock:
     * while this process stood still it heard nobody, and nobody is to be given up for that.
     *
     * @return those who have owed it for so many ticks just now
     */
    List<MemberId> waited(List<MemberId> owing, int ticksMax) {
        owedTicks.keySet().retainAll(owing);
        return owing.stream()
                .filter(member -> owedTicks.merge(member, 1, Integer::sum) == ticksMax)
                .toList();
    }

    /** Whether it is not waited for any more, until it confirms something new. */
    boolean isGivenUp(MemberId member, int ticksMax) {
        return owedTicks.getOrDefault(member, 0) >= ticksMax;
    }
}
