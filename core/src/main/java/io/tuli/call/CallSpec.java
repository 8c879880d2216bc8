package io.tuli.call;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Extensions;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks for, and of whom. The partition follows when the service is known.
 *
 * @param service the service's number
 * @param member the one member asked, whatever it owns; null to ask the partition's owner, or
 *     whichever server where the call has no partition
 * @param id by which a repeat is recognised
 * @param isNamed whether its caller chose the id: it may repeat an earlier call
 * @param repeatable whether it may be sent again when nobody knows whether it arrived
 * @param failsFast whether it fails at once where nobody serves, rather than wait for somebody
 * @param choice which servers may take it, where it is for whichever
 * @param deadlineNanos by which the call ends, on the same clock as the time given to the {@link
 *     Caller}
 */
public record CallSpec(
        int service,
        @Nullable MemberId member,
        RequestId id,
        boolean isNamed,
        boolean repeatable,
        boolean failsFast,
        Choice choice,
        long deadlineNanos,
        Commit commit,
        String verb,
        Key key,
        Payload body,
        SortedMap<String, String> headers,
        Extensions extensions) {

    /** For whichever server, if it is for any. */
    public CallSpec(
            int service,
            @Nullable MemberId member,
            RequestId id,
            boolean isNamed,
            boolean repeatable,
            boolean failsFast,
            long deadlineNanos,
            Commit commit,
            String verb,
            Key key,
            Payload body,
            SortedMap<String, String> headers,
            Extensions extensions) {
        this(
                service,
                member,
                id,
                isNamed,
                repeatable,
                failsFast,
                Choice.ANY,
                deadlineNanos,
                commit,
                verb,
                key,
                body,
                headers,
                extensions);
    }

    /** The same with that choice: its message says which versions it may run at. */
    public CallSpec to(Choice other) {
        return new CallSpec(
                service,
                member,
                id,
                isNamed,
                repeatable,
                failsFast,
                other,
                deadlineNanos,
                commit,
                verb,
                key,
                body,
                headers,
                extensions.servedAs(other.versionsText()));
    }
}
