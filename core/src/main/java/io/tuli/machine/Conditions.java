package io.tuli.machine;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Whether the version a request demands is the one its document has, uncommitted entries included.
 * A version is the position of the last entry that changed the document: nothing is kept for it,
 * and it never comes again. One thread.
 */
final class Conditions {

    private final Partition partition;
    private final Overlay overlay;
    private final Lifetimes lifetimes;

    Conditions(Partition partition, Overlay overlay, Lifetimes lifetimes) {
        this.lifetimes = lifetimes;
        this.partition = partition;
        this.overlay = overlay;
    }

    /** Why the request is not decided; null if it may be. */
    Decision.@Nullable Fail refusal(Frame.Request request, long moment) {
        LogPosition demanded = request.extensions().version();
        if (demanded == null) {
            return null;
        }
        String key = request.key().top();
        if (key.isEmpty()) {
            return new Decision.Fail(
                    Failure.BAD_REQUEST,
                    "a condition is about the document of a message's key: there is none");
        }
        LogPosition version = version(key, moment);
        return version.equals(demanded) ? null : refusal(key, demanded, version);
    }

    private static Decision.Fail refusal(String key, LogPosition demanded, LogPosition version) {
        return new Decision.Fail(
                Failure.CONFLICT,
                "a conditional write needs the version it names, read again and decide anew: key="
                        + Excerpt.of(key)
                        + " version="
                        + text(version)
                        + " expected="
                        + text(demanded));
    }

    private static String text(LogPosition version) {
        return version.equals(LogPosition.START) ? "absent" : version.toString();
    }

    /** The version of a document as it will be once all before is committed. */
    private LogPosition version(String topLevelKey, long moment) {
        boolean isDue = lifetimes.isDue(topLevelKey, moment);
        long offset = isDue ? -1 : overlay.changedAt(topLevelKey);
        return offset < 0 ? LogPosition.START : partition.log().lineage().positionAfter(offset);
    }
}
