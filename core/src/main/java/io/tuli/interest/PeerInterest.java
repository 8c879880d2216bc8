package io.tuli.interest;

import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.InvalidFrameException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What another member wants, as it has told: built up version by version. A change that does not
 * follow what is there is not taken, and all of it is asked for instead. What comes as a whole
 * takes the place of what was there when it is complete, and not before. One thread.
 */
final class PeerInterest {

    private final Map<InterestItem, Integer> counts = new HashMap<>();
    private @Nullable Map<InterestItem, Integer> whole;
    private long version;
    private boolean isComplete = true;
    private boolean isHome;

    /** Told of each item that has another count. */
    interface Listener {
        void changed(InterestItem item, int before);
    }

    long version() {
        return version;
    }

    /** Whether the member, a client, has this one relay to it. */
    boolean isHome() {
        return isHome;
    }

    Map<InterestItem, Integer> counts() {
        return counts;
    }

    /**
     * Takes what fits.
     *
     * @return false where it does not fit, and all is needed
     * @throws InvalidFrameException where no honest member says so
     */
    boolean take(Frame.Interest frame, Listener listener) {
        for (InterestItem item : frame.items()) {
            require(item);
        }
        boolean isContinued = frame.base() == frame.version() && frame.version() == version;
        if (frame.base() == 0) {
            whole = new HashMap<>();
        } else if (isContinued ? isComplete && !frame.items().isEmpty() : !isNext(frame)) {
            return false;
        }
        version = frame.version();
        isComplete = frame.isLast();
        isHome = frame.isHome();
        Map<InterestItem, Integer> building = whole;
        if (building == null) {
            frame.items().forEach(item -> put(item, listener));
        } else {
            frame.items().forEach(item -> building.put(item.key(), item.count()));
            requireFew(building.size());
            if (isComplete) {
                whole = null;
                replace(building, listener);
            }
        }
        return true;
    }

    private boolean isNext(Frame.Interest frame) {
        return isComplete && frame.base() == version && frame.version() > version;
    }

    private void replace(Map<InterestItem, Integer> by, Listener listener) {
        for (InterestItem gone : counts.keySet().toArray(InterestItem[]::new)) {
            if (!by.containsKey(gone)) {
                put(gone, listener);
            }
        }
        by.forEach((key, count) -> put(key.of(count), listener));
    }

    private void put(InterestItem item, Listener listener) {
        InterestItem key = item.key();
        Integer before = item.count() == 0 ? counts.remove(key) : counts.put(key, item.count());
        requireFew(counts.size());
        int known = before == null ? 0 : before;
        if (known != item.count()) {
            listener.changed(item, known);
        }
    }

    /** The member is gone: nobody wants anything there. */
    void clear(Listener listener) {
        replace(Map.of(), listener);
        isHome = false;
        version = 0;
        whole = null;
        isComplete = true;
    }

    private static void require(InterestItem item) {
        String problem = Subjects.patternProblem(item.pattern());
        InvalidFrameException.require(problem == null, String.valueOf(problem), item.pattern());
        InvalidFrameException.require(
                item.group().length() <= InterestItem.GROUP_BYTES_MAX,
                "the name of a group is at most " + InterestItem.GROUP_BYTES_MAX + " long",
                item.group());
        InvalidFrameException.require(
                item.count() <= InterestExchange.COUNT_MAX,
                "at most " + InterestExchange.COUNT_MAX + " subscribers want a pattern at a member",
                item.count());
    }

    /** Of its own, and what it relays. */
    private static void requireFew(int size) {
        InvalidFrameException.require(
                size <= 2 * InterestExchange.PATTERNS_MAX,
                "a member wants at most " + InterestExchange.PATTERNS_MAX + " patterns",
                size);
    }
}
