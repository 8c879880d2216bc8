package io.tuli.interest;

import io.tuli.protocol.InterestItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one member wants to hear, and what it relays: state with a version, which counts up whenever
 * changes are gathered. One thread.
 */
final class OwnInterest {

    private static final int RELAYED_EXACTLY_MAX = InterestExchange.PATTERNS_MAX * 9 / 10;

    private final Map<InterestItem, Integer> counts = new LinkedHashMap<>();
    private final Map<Integer, Integer> patternsOfService = new HashMap<>();

    /** What has changed since the version. */
    private final Map<InterestItem, Integer> changed = new LinkedHashMap<>();

    private long version;
    private int own;
    private int relayed;
    private boolean isForced;

    /** What others can be told of so far. */
    long version() {
        return version;
    }

    /** The version in which all is that there is now. */
    long nextVersion() {
        return isDirty() ? version + 1 : version;
    }

    boolean isDirty() {
        return isForced || !changed.isEmpty();
    }

    /** There is another version, though nothing is wanted that was not. */
    void force() {
        isForced = true;
    }

    /** How many patterns and groups the member itself wants, of all services. */
    int own() {
        return own;
    }

    /** How many of one service. */
    int ownOf(int service) {
        return patternsOfService.getOrDefault(service, 0);
    }

    int count(InterestItem key) {
        return counts.getOrDefault(key.key(), 0);
    }

    /** So many more want it, or less. */
    void add(InterestItem which, int more) {
        InterestItem key = which.key();
        int before = counts.getOrDefault(key, 0);
        int after = before + more;
        if (after == 0) {
            counts.remove(key);
        } else {
            counts.put(key, after);
        }
        changed.put(key, after);
        if ((before == 0) != (after == 0)) {
            counted(key, before == 0 ? 1 : -1);
        }
    }

    private void counted(InterestItem key, int one) {
        if (key.isRelayed()) {
            relayed += one;
            return;
        }
        own += one;
        int ofService = ownOf(key.service()) + one;
        if (ofService == 0) {
            patternsOfService.remove(key.service());
        } else {
            patternsOfService.put(key.service(), ofService);
        }
    }

    /**
     * What others are told of a client's item, so that what is relayed is bounded, too: where there
     * is very much, that clients want all of the service; null where not even that can be told.
     */
    @Nullable InterestItem relayable(InterestItem item) {
        InterestItem exact =
                new InterestItem(item.service(), item.pattern(), item.group(), true, 0);
        InterestItem all = new InterestItem(item.service(), Subjects.REST, "", true, 0);
        if (relayed < RELAYED_EXACTLY_MAX || counts.containsKey(exact)) {
            return exact;
        }
        boolean mayWiden = relayed < InterestExchange.PATTERNS_MAX || counts.containsKey(all);
        return mayWiden && !item.isOfGroup() ? all : null;
    }

    /** All there is, of which the receiver may hear. */
    List<InterestItem> all(boolean withRelayed) {
        List<InterestItem> all = new ArrayList<>(counts.size());
        counts.forEach(
                (key, count) -> {
                    if (withRelayed || !key.isRelayed()) {
                        all.add(told(key, count));
                    }
                });
        return all;
    }

    /** Closes a version, and answers what is other in it than in the one before. */
    List<InterestItem> gather() {
        List<InterestItem> gathered = new ArrayList<>(changed.size());
        changed.forEach((key, count) -> gathered.add(told(key, count)));
        changed.clear();
        isForced = false;
        version++;
        return gathered;
    }

    private static InterestItem told(InterestItem key, int count) {
        return key.of(Math.min(count, InterestExchange.COUNT_MAX));
    }
}
