package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.lifetime.ExpiryWheel;
import io.tuli.protocol.Extensions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long an owner's documents are there: it puts into each edit when the document goes, so that
 * no replica works anything out, and sees none any more whose time is over. One thread.
 */
public final class Lifetimes {

    /** The moment of a decision in a partition where nothing goes by itself. */
    static final long TIMELESS = Long.MIN_VALUE;

    private final Partition partition;
    private final CoreContext context;
    private final Overlay overlay;
    private final ExpiryWheel wheel;
    private final long standardMillis;

    /**
     * @param wheel where what goes by itself is to be looked at
     */
    public Lifetimes(Partition partition, CoreContext context, Overlay overlay, ExpiryWheel wheel) {
        this.partition = partition;
        this.context = context;
        this.overlay = overlay;
        this.wheel = wheel;
        this.standardMillis = partition.spec().expireAfterMillis();
    }

    /** The moment of a decision that begins now. */
    long moment() {
        return mayExpire() ? wallMillis() : TIMELESS;
    }

    private long wallMillis() {
        return context.effects().host().wallMillis();
    }

    private boolean mayExpire() {
        return partition.state().mayExpire() || overlay.mayExpire();
    }

    /** A document as a decision of that moment sees it. */
    Payload document(String topLevelKey, long moment) {
        return isDue(topLevelKey, moment) ? Payload.NONE : overlay.document(topLevelKey);
    }

    /** Whether the document's time is over, though it has not been taken out yet. */
    public boolean isDue(String topLevelKey, long moment) {
        if (moment == TIMELESS) {
            return false;
        }
        long until = overlay.until(topLevelKey);
        return until != Edit.NEVER && until <= moment;
    }

    /**
     * Whether the document's time is over as it is committed, but not as it will be: somebody has
     * renewed it, or written it anew.
     */
    boolean isRenewed(String topLevelKey, long moment) {
        return isCommittedDue(topLevelKey, moment) && !isDue(topLevelKey, moment);
    }

    /** A document as it is committed, and as a read of that moment sees it. */
    Payload committed(String topLevelKey, long moment) {
        return isCommittedDue(topLevelKey, moment) ? Payload.NONE : partition.document(topLevelKey);
    }

    private boolean isCommittedDue(String topLevelKey, long moment) {
        if (moment == TIMELESS || !partition.state().mayExpire()) {
            return false;
        }
        long until = partition.state().until(topLevelKey);
        return until != Edit.NEVER && until <= moment;
    }

    /** Whether touching says nothing, because no duration is said anywhere. */
    boolean isIdleTouch(List<Edit> edits, long saidMillis) {
        return saidMillis == Extensions.UNSAID
                && standardMillis == 0
                && edits.stream().anyMatch(edit -> edit.kind() == Edit.Kind.TOUCH);
    }

    /** Whether no document goes by itself here, and none begins to. */
    boolean isTimeless(long saidMillis) {
        return saidMillis == Extensions.UNSAID && standardMillis == 0 && !mayExpire();
    }

    /**
     * What a decision of that moment comes to: its edits, each with the time at which its document
     * goes, and behind the removal of what it did not see any more.
     *
     * @param saidMillis what the request says, or its handler
     */
    List<Edit> timed(List<Edit> edits, long saidMillis, long moment) {
        if (isTimeless(saidMillis)) {
            return edits;
        }
        long now = wallMillis();
        Map<String, Long> untils = new HashMap<>(4);
        List<Edit> timed = new ArrayList<>(edits.size() + 1);
        for (Edit edit : edits) {
            String key = edit.key().top();
            Long known = untils.get(key);
            if (known == null) {
                boolean isDue = isDue(key, moment);
                if (isDue) {
                    timed.add(Edit.expire(Key.of(key)));
                }
                known = until(key, isDue, saidMillis, now);
                untils.put(key, known);
            }
            boolean isGone = edit.kind() == Edit.Kind.REMOVE && edit.key().isTop();
            timed.add(isGone ? edit : edit.until(known));
        }
        return timed;
    }

    private long until(String key, boolean isDue, long saidMillis, long now) {
        boolean isThere = !isDue && overlay.changedAt(key) >= 0;
        long present = isThere ? overlay.until(key) : Edit.NEVER;
        long until = until(isThere, present, saidMillis, now);
        if (until != Edit.NEVER && (present == Edit.NEVER || until < present)) {
            wheel.add(key.hashCode(), until);
        }
        return until;
    }

    private long until(boolean isThere, long present, long saidMillis, long now) {
        if (saidMillis != Extensions.UNSAID) {
            return saidMillis == Extensions.NEVER ? Edit.NEVER : within(now + saidMillis);
        }
        if (standardMillis == 0 || (isThere && present == Edit.NEVER)) {
            return present;
        }
        return Math.max(present, within(now + standardMillis));
    }

    private static long within(long until) {
        return Math.min(Math.max(1, until), Edit.UNTIL_MAX);
    }

    /** Edits that somebody else decided are in the changelog: they are looked at in time. */
    void note(List<Edit> edits) {
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            if (edit.until() != Edit.NEVER) {
                wheel.add(edit.key().top().hashCode(), edit.until());
            }
        }
    }
}
