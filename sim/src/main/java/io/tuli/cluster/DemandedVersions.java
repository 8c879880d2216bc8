package io.tuli.cluster;

import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * P9: what demands a version is appended only right behind it. In the changelog before such an
 * entry, the last one that changes its document is the one demanded; so of two that demand one
 * version at most one is there, and none that a merge has passed over. One thread.
 */
final class DemandedVersions {

    private final Map<RequestId, Demand> demands = new HashMap<>();

    private record Demand(String topLevelKey, LogPosition version) {}

    /** The request is sent so. */
    void demand(RequestId id, String topLevelKey, LogPosition version) {
        demands.put(id, new Demand(topLevelKey, version));
    }

    /** What is wrong with an entry that its owner decided; null if nothing is. */
    @Nullable String breach(History history, Entry entry) {
        Demand demand = entry.marks().isEmpty() ? demands.get(entry.id()) : null;
        if (demand == null) {
            return null;
        }
        LogPosition version = versionBefore(history, entry, demand.topLevelKey);
        return version.equals(demand.version)
                ? null
                : entry + " demands " + demand.version + " and follows " + version;
    }

    private static LogPosition versionBefore(History history, Entry entry, String topLevelKey) {
        History.Linked link = history.linked.get(entry.position());
        while (link != null) {
            LogPosition before = link.before();
            link = history.linked.get(before);
            if (link != null && changes(link.entry(), topLevelKey)) {
                return before;
            }
        }
        return LogPosition.START;
    }

    private static boolean changes(Entry entry, String topLevelKey) {
        return entry.edits().stream().anyMatch(edit -> edit.key().top().equals(topLevelKey));
    }
}
