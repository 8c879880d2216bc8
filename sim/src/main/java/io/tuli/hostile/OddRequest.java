package io.tuli.hostile;

import io.tuli.Commit;
import io.tuli.Message;
import io.tuli.RequestId;
import io.tuli.protocol.Reserved;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as somebody may wish it, whether or not it can be.
 *
 * @param key text of one, or of none
 * @param id none for one that is unique
 * @param within null where it is not said
 */
public record OddRequest(
        String verb,
        String key,
        @Nullable Object body,
        SortedMap<String, String> headers,
        RequestId id,
        @Nullable Duration within,
        Commit commit) {

    /**
     * The message a user would make of it.
     *
     * @throws IllegalArgumentException when there can be no such message
     */
    public Message message() {
        Message message = Message.of(verb, body).key(key).id(id).commit(commit);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            message = message.header(header.getKey(), header.getValue());
        }
        return within == null ? message : message.within(within);
    }

    /** The same under another identity. */
    public OddRequest named(RequestId other) {
        return new OddRequest(verb, key, body, headers, other, within, commit);
    }

    /** Whether it can change nothing. */
    public boolean isRead() {
        return verb.equals(Reserved.READ);
    }

    /** Whether it asks for the same; no body and the JSON null are one. */
    public boolean isLike(OddRequest other) {
        return verb.equals(other.verb)
                && key.equals(other.key)
                && String.valueOf(body).equals(String.valueOf(other.body));
    }
}
