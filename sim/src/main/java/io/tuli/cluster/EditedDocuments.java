package io.tuli.cluster;

import io.tuli.Edit;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.cluster.Hosted.History;
import io.tuli.log.Entry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an entry that its owner decided says of the documents it edits, by the last edit of each
 * that comes before it in its changelog. One thread.
 *
 * <ul>
 *   <li>P8: what takes a document out because its time is over comes behind an edit that says so,
 *       and not before that time by the clock of whoever appends it; so a renewal wins.
 *   <li>P9: what demands a version is appended only right behind it; so of two that demand one
 *       version at most one is there, and none that a merge has passed over.
 * </ul>
 */
final class EditedDocuments {

    /** So far back it is looked for what an entry follows. */
    private static final int ENTRIES_LOOKED_AT = 500;

    private final Map<RequestId, Demand> demands = new HashMap<>();

    private record Demand(String topLevelKey, LogPosition version) {}

    /** The last edit of a document in the entry that ends at a position. */
    private record Last(Edit edit, LogPosition version) {

        boolean isGone() {
            boolean isRemoval = edit.kind() == Edit.Kind.REMOVE && edit.key().isTop();
            return isRemoval || edit.kind() == Edit.Kind.EXPIRE;
        }
    }

    /** The request is sent so. */
    void demand(RequestId id, String topLevelKey, LogPosition version) {
        demands.put(id, new Demand(topLevelKey, version));
    }

    /** P9: what is wrong with an entry; null if nothing is. */
    @Nullable String undemanded(History history, Entry entry) {
        Demand demand = entry.marks().isEmpty() ? demands.get(entry.id()) : null;
        if (demand == null) {
            return null;
        }
        Last last = lastBefore(history, entry, demand.topLevelKey);
        LogPosition version =
                last == null || last.isGone() || hasExpired(entry, demand.topLevelKey)
                        ? LogPosition.START
                        : last.version;
        return version.equals(demand.version)
                ? null
                : entry + " demands " + demand.version + " and follows " + version;
    }

    private static boolean hasExpired(Entry entry, String topLevelKey) {
        return entry.edits().stream()
                .anyMatch(
                        edit ->
                                edit.kind() == Edit.Kind.EXPIRE
                                        && edit.key().top().equals(topLevelKey));
    }

    /** P8: the same. */
    static @Nullable String early(History history, Entry entry) {
        if (!entry.marks().isEmpty()) {
            return null;
        }
        for (Edit edit : entry.edits()) {
            if (edit.kind() == Edit.Kind.EXPIRE) {
                Last last = lastBefore(history, entry, edit.key().top());
                boolean isOver =
                        last == null
                                || (last.edit.until() != Edit.NEVER
                                        && last.edit.until() <= entry.wallMillis());
                if (!isOver) {
                    return entry + " takes out what was left by " + last;
                }
            }
        }
        return null;
    }

    /** Null if that is not known, or long ago. */
    private static @Nullable Last lastBefore(History history, Entry entry, String topLevelKey) {
        History.Linked link = history.linked.get(entry.position());
        for (int i = 0; i < ENTRIES_LOOKED_AT && link != null; i++) {
            LogPosition before = link.before();
            link = history.linked.get(before);
            Edit last = link == null ? null : lastOf(link.entry(), topLevelKey);
            if (last != null) {
                return new Last(last, before);
            }
        }
        return null;
    }

    private static @Nullable Edit lastOf(Entry entry, String topLevelKey) {
        Edit last = null;
        for (Edit edit : entry.edits()) {
            last = edit.key().top().equals(topLevelKey) ? edit : last;
        }
        return last;
    }
}
