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
        long deadlineNanos,
        Commit commit,
        String verb,
        Key key,
        Payload body,
        SortedMap<String, String> headers,
        Extensions extensions) {}
