package io.tuli.ring;

import io.tuli.MemberId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which members are there, as one loop was told. One thread. */
public final class Presence {

    private final Set<Long> present = new HashSet<>();

    /** These are there now. */
    public void become(List<MemberId> members) {
        present.clear();
        for (MemberId member : members) {
            present.add(member.incarnation());
        }
    }

    /** Whether the member of that incarnation is known to be there no more. */
    public boolean isGone(long incarnation) {
        return !present.isEmpty() && !present.contains(incarnation);
    }
}
