package io.tuli.call;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each member that a survey asks: it answers, fails, or is silent. It is over when
 * nobody is waited for any more, or as soon as so many have answered as are wanted; who is waited
 * for then is silent. Pure; one thread at a time.
 *
 * <p>Invariants: each member asked is in one of the three when it is over, and stays there; what a
 * member says twice, or too late, or unasked, counts for nothing.
 */
public final class SurveyTally {

    /** So many members are asked at once. */
    public static final int MEMBERS_MOST = 1_024;

    /** What has become of a member. */
    public enum Became {
        ANSWERED,
        FAILED,
        SILENT
    }

    private final Map<MemberId, @Nullable Became> members = new LinkedHashMap<>();
    private final int wanted;
    private final long bytesMost;
    private long bytes;
    private int answers;
    private int waitedFor;

    /**
     * Of a survey that has been sent.
     *
     * @param asked each once
     * @param wanted ends it when so many have answered
     * @param bytesMost what all answers have together
     */
    public SurveyTally(Collection<MemberId> asked, int wanted, long bytesMost) {
        Require.argument(wanted >= 1, "a survey wants at least one answer", wanted);
        asked.forEach(member -> members.put(member, null));
        this.wanted = wanted;
        this.bytesMost = bytesMost;
        this.waitedFor = members.size();
    }

    /**
     * A member has answered.
     *
     * @return whether its answer is one of those that count; where it finds no room any more, the
     *     member has failed
     */
    public boolean answered(MemberId member, long sizeBytes) {
        if (!isWaitedFor(member)) {
            return false;
        }
        if (bytes + sizeBytes > bytesMost) {
            become(member, Became.FAILED);
            return false;
        }
        bytes += sizeBytes;
        answers++;
        become(member, Became.ANSWERED);
        return true;
    }

    /**
     * The call to a member has failed: it said so, or is gone; or nothing was heard of it in time.
     *
     * @return whether that counts
     */
    public boolean failed(MemberId member, Failure failure) {
        boolean isCounted = isWaitedFor(member);
        if (isCounted) {
            boolean isSilent = failure == Failure.TIMEOUT || failure == Failure.CANCELLED;
            become(member, isSilent ? Became.SILENT : Became.FAILED);
        }
        return isCounted;
    }

    private boolean isWaitedFor(MemberId member) {
        return !isOver() && members.containsKey(member) && members.get(member) == null;
    }

    private void become(MemberId member, Became became) {
        members.put(member, became);
        waitedFor--;
    }

    /** Whether nothing that comes counts any more. */
    public boolean isOver() {
        return waitedFor == 0 || answers >= wanted;
    }

    /** Those of whom that has become, in the order in which they were given. */
    public List<MemberId> of(Became became) {
        List<MemberId> all = new ArrayList<>();
        members.forEach(
                (member, is) -> {
                    boolean isUnheard = is == null && became == Became.SILENT && isOver();
                    if (is == became || isUnheard) {
                        all.add(member);
                    }
                });
        return all;
    }

    @Override
    public String toString() {
        return "asked=" + members.size() + " answered=" + answers + " waitedFor=" + waitedFor;
    }
}
