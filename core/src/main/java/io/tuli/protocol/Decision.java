package io.tuli.protocol;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.log.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a handler answered. */
public sealed interface Decision {

    /**
     * To be committed together, then told.
     *
     * @param edits in order
     * @param emitted messages to other services, sent after the commit
     * @param events told with the edits, after them
     * @param reply the answer, stored with the edits
     * @param stream where items come from after the commit; null if {@code reply} is all there is
     * @param expiryMillis after so long the documents go that are edited, see {@link
     *     Extensions#expiryMillis}
     */
    record Done(
            List<Edit> edits,
            List<Emitted> emitted,
            List<Extras.Event> events,
            Payload reply,
            @Nullable Stream stream,
            long expiryMillis)
            implements Decision {

        /** Without events; documents go as the request or the service says. */
        public Done(
                List<Edit> edits, List<Emitted> emitted, Payload reply, @Nullable Stream stream) {
            this(edits, emitted, List.of(), reply, stream, Extensions.UNSAID);
        }

        /** Only a reply. */
        public static Done reply(Payload reply) {
            return new Done(List.of(), List.of(), reply, null);
        }

        /** Whether it is only a reply: nothing is to be appended for it. */
        public boolean isOnlyReply() {
            return edits.isEmpty() && emitted.isEmpty() && events.isEmpty();
        }
    }

    /** The built-in verbs shall handle it. */
    record Pass() implements Decision {

        /** There is but one. */
        public static final Pass PASS = new Pass();
    }

    /**
     * Nothing is changed; the caller is told why.
     *
     * @param body more about it, for programs: what a handler's refusal says; NONE if there is none
     * @param isUnknown whether something may have been done elsewhere, or may yet be
     */
    record Fail(Failure failure, String detail, Payload body, boolean isUnknown)
            implements Decision {

        public Fail(Failure failure, String detail) {
            this(failure, detail, Payload.NONE);
        }

        /** The same, of what may have been done elsewhere. */
        public Fail unknown() {
            return new Fail(failure, detail, body, true);
        }

        /** Nothing was done anywhere. */
        public Fail(Failure failure, String detail, Payload body) {
            this(failure, detail, body, false);
        }
    }

    /**
     * This member closes and decides nothing more: whoever owns the partition next shall. What the
     * handler had begun is given up, as when the epoch ends while it runs.
     */
    record Decline() implements Decision {}

    /** A message to another service. */
    record Emitted(String service, Message message) {}

    /**
     * A source of items, opaque to the core: started after the commit, or discarded with the
     * decision.
     */
    interface Stream {}
}
