package io.tuli.call;

import io.tuli.protocol.Servers.Server;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How calls to whichever server are shared out among versions of a service: of 100 calls a version
 * gets as many as its servers say, the versions that say nothing share the rest. Where no such
 * version is there, the others share all, in the same proportion; who says 0 gets some only where
 * nobody else is there.
 *
 * <p>Whose turn it is follows from how many calls were shared out before: of any number of calls in
 * a row a version gets its part, one call more or less. One thread.
 */
final class VersionShares {

    /** Of all versions that say nothing. */
    static final int REST = 0;

    /** Stands for: shares do not matter. */
    static final int EVERY_GROUP = -1;

    static final VersionShares NONE = new VersionShares(Map.of());

    private static final int WHOLE = 100;

    /** By version, from 1. */
    private final Map<String, Integer> groups = new LinkedHashMap<>();

    private final int[] said;

    /** What is answered, over and over. */
    private final int[] weights;

    private VersionShares(Map<String, Integer> shares) {
        said = new int[shares.size() + 1];
        weights = new int[said.length];
        shares.forEach(
                (version, share) -> {
                    groups.put(version, groups.size() + 1);
                    said[groups.size()] = share;
                });
    }

    /** As they say; of those of one version that do not agree, the longest-standing. */
    static VersionShares of(List<Server> servers) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        for (Server server : servers) {
            if (server.share() != Server.UNSAID) {
                shares.putIfAbsent(server.version(), server.share());
            }
        }
        return shares.isEmpty() ? NONE : new VersionShares(shares);
    }

    boolean areAny() {
        return !groups.isEmpty();
    }

    int groupOf(String version) {
        return groups.getOrDefault(version, REST);
    }

    /**
     * What each group gets of what calls with this choice there are: 0 where it has no server for
     * them. It is overwritten when this is asked again.
     */
    int[] weights(Worker[] workers, Choice choice) {
        int[] there = weights;
        Arrays.fill(there, 0);
        for (Worker each : workers) {
            if (choice.allows(each.version)) {
                there[each.group] = 1;
            }
        }
        int sum = 0;
        for (int group = 1; group < there.length; group++) {
            sum += there[group] * said[group];
        }
        int rest = there[REST] * Math.max(0, WHOLE - sum);
        if (rest + sum > 0) {
            for (int group = 1; group < there.length; group++) {
                there[group] *= said[group];
            }
            there[REST] = rest;
        }
        return there;
    }

    /** Whose turn it is after so many calls; the rest where there is nobody. */
    static int pick(long turn, int[] weights) {
        long left = 0;
        for (int weight : weights) {
            left += weight;
        }
        long index = left == 0 ? 0 : turn % left;
        for (int group = 1; group < weights.length && left > 0; group++) {
            long before = index * weights[group] / left;
            if ((index + 1) * weights[group] / left > before) {
                return group;
            }
            index -= before;
            left -= weights[group];
        }
        return REST;
    }
}
