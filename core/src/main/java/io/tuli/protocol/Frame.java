package io.tuli.protocol;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.error.Excerpt;
import io.tuli.log.Entries;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One unit on a link. Immutable. {@code docs/protocol.md} tells when each is sent and why that is
 * safe.
 */
public sealed interface Frame {

    /**
     * A frame about one partition of one service: it belongs to the loop that holds that partition.
     */
    sealed interface OfPartition extends Frame {

        /** The service's number, see {@link ServiceSpec#numberOf}. */
        int service();

        int partition();
    }

    /** A frame about one call: it belongs to the loop that made the call. */
    sealed interface OfCall extends Frame {

        /** The caller's own number for the call. */
        long call();
    }

    // ---- requests: caller to owner -------------------------------------------------------------

    /**
     * A request for the owner of a partition.
     *
     * @param call where the answer goes; numbers are the caller's own
     * @param attempt 0 where it cannot have been executed before: sent for the first time, under an
     *     id of the caller's own making
     * @param timeoutMillis what is left of its deadline
     */
    record Request(
            int service,
            int partition,
            long call,
            RequestId id,
            int attempt,
            int timeoutMillis,
            Commit commit,
            String verb,
            Key key,
            Payload body,
            SortedMap<String, String> headers,
            Extensions extensions)
            implements OfPartition {

        /** Without extensions. */
        public Request(
                int service,
                int partition,
                long call,
                RequestId id,
                int attempt,
                int timeoutMillis,
                Commit commit,
                String verb,
                Key key,
                Payload body,
                SortedMap<String, String> headers) {
            this(
                    service,
                    partition,
                    call,
                    id,
                    attempt,
                    timeoutMillis,
                    commit,
                    verb,
                    key,
                    body,
                    headers,
                    Extensions.NONE);
        }

        /**
         * Whether a document will probably be read or written: for a built-in verb with a key,
         * unless the service's handler decides otherwise.
         */
        public boolean touchesADocument() {
            return !key.isNone() && (Verbs.BUILT_IN.contains(verb) || verb.equals(Reserved.READ));
        }

        /** The same request under another identity. */
        public Request named(RequestId other) {
            return as(other, attempt, extensions);
        }

        /** The same request, saying something else besides its headers. */
        public Request with(Extensions other) {
            return as(id, attempt, other);
        }

        /** The same request, where it may have been executed before. */
        public Request repeated() {
            return as(id, attempt + 1, extensions);
        }

        private Request as(RequestId other, int times, Extensions more) {
            return new Request(
                    service,
                    partition,
                    call,
                    other,
                    times,
                    timeoutMillis,
                    commit,
                    verb,
                    key,
                    body,
                    headers,
                    more);
        }
    }

    /**
     * A request that concerns no partition: the receiver's handler runs, and can change nothing of
     * the service. To one server, or part of a survey.
     */
    record Ask(
            int service,
            long call,
            RequestId id,
            int timeoutMillis,
            String verb,
            Key key,
            Payload body,
            SortedMap<String, String> headers,
            Extensions extensions)
            implements Frame {

        /** Without extensions. */
        public Ask(
                int service,
                long call,
                RequestId id,
                int timeoutMillis,
                String verb,
                Key key,
                Payload body,
                SortedMap<String, String> headers) {
            this(service, call, id, timeoutMillis, verb, key, body, headers, Extensions.NONE);
        }

        /** The same, saying something else besides its headers. */
        public Ask with(Extensions other) {
            return new Ask(service, call, id, timeoutMillis, verb, key, body, headers, other);
        }
    }

    /** The caller gave a call up: an unstarted request is dropped, a running stream is stopped. */
    record Cancel(long call) implements Frame {}

    /** The caller can take so many more items of a stream. */
    record Credit(long call, int items) implements Frame {}

    // ---- answers: owner to caller --------------------------------------------------------------

    /** The requests have been taken into the owner's queue. */
    record Accepted(long[] calls) implements Frame {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Accepted that && Arrays.equals(that.calls, calls);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(calls);
        }

        @Override
        public String toString() {
            return "Accepted[calls=" + Arrays.toString(calls) + "]";
        }
    }

    /**
     * The end of a request, or with {@code streams} the beginning of its items.
     *
     * @param failure null when OK
     * @param detail why, for people, as a {@link Excerpt}; empty when OK
     * @param copies how many servers have it
     * @param disks how many of them on disk, synced
     * @param body the reply; of a failure what else a handler's refusal says
     */
    record Result(
            long call,
            Outcome outcome,
            @Nullable Failure failure,
            String detail,
            LogPosition position,
            int copies,
            int disks,
            boolean streams,
            Payload body)
            implements OfCall {

        public Result {
            detail = Excerpt.detail(detail);
        }

        /** Of what no disk is known to have. */
        public Result(
                long call,
                Outcome outcome,
                @Nullable Failure failure,
                String detail,
                LogPosition position,
                int copies,
                boolean streams,
                Payload body) {
            this(call, outcome, failure, detail, position, copies, 0, streams, body);
        }
    }

    /**
     * Not decided here: the epoch's owner is the one to ask; {@link Epoch#ZERO} if nobody is known.
     *
     * @param isAppended whether it is in a changelog here all the same, not committed: it may be
     *     executed yet
     */
    record Redirect(long call, Epoch epoch, boolean isAppended) implements OfCall {

        /** Of what is in no changelog here. */
        public Redirect(long call, Epoch epoch) {
            this(call, epoch, false);
        }
    }

    /** One item of a stream. */
    record Item(long call, long index, Payload body) implements OfCall {}

    /** The stream has ended after {@code count} items, by {@code failure} unless that is null. */
    record End(long call, long count, @Nullable Failure failure, String detail) implements OfCall {

        public End {
            detail = Excerpt.detail(detail);
        }
    }

    /**
     * Refused before it was looked at: it was not executed here, and never will be. Who asked
     * whichever server asks another.
     *
     * @param detail why, for people, as a {@link Excerpt}
     */
    record Unseen(long call, Failure failure, String detail) implements OfCall {

        public Unseen {
            detail = Excerpt.detail(detail);
        }
    }

    /**
     * There is room again for asks of one service at a server that had refused some for want of it.
     *
     * @param call the number of one that was refused: its loop is meant
     * @param slots how many are awaited for a moment; 0: the server refuses nobody any more
     */
    record Room(long call, int service, int slots) implements OfCall {}

    // ---- taking over ---------------------------------------------------------------------------

    /** The sender wants to own the partition in this epoch, having seen the ring of this hash. */
    record Fence(int service, int partition, Epoch epoch, long ringHash) implements OfPartition {}

    /** The sender accepts no lower epoch any more, and its changelog ends at {@code end}. */
    record Promise(int service, int partition, Epoch epoch, LogPosition end, LogPosition committed)
            implements OfPartition {}

    /** The sender's ring is another one yet: ask again. */
    record NotYet(int service, int partition, Epoch epoch, long ringHash) implements OfPartition {}

    /**
     * The sender has promised this higher epoch; whoever is told this in a lower one steps down.
     */
    record Stale(int service, int partition, Epoch promised) implements OfPartition {}

    /**
     * The new owner asks for what a longer changelog holds after {@code end}, or else after {@code
     * committed}.
     */
    record Fetch(int service, int partition, Epoch epoch, LogPosition end, LogPosition committed)
            implements OfPartition {}

    /**
     * Answers a Fetch: entries that follow {@code prev}; {@code last} when the log ends with them.
     */
    record Fetched(
            int service,
            int partition,
            Epoch epoch,
            LogPosition prev,
            LogPosition committed,
            Entries entries,
            boolean last)
            implements OfPartition {}

    // ---- replication ---------------------------------------------------------------------------

    /**
     * A replica asks the owner for everything after {@code end}, or else after {@code committed}.
     *
     * @param promised the highest epoch the sender knows of
     * @param counts whether the sender is a server, whose copies count
     */
    record Follow(
            int service,
            int partition,
            Epoch promised,
            LogPosition end,
            LogPosition committed,
            boolean counts)
            implements OfPartition {}

    /** Answers a Follow: the sender does not own the partition; the promised epoch's owner may. */
    record NotOwner(int service, int partition, Epoch promised) implements OfPartition {}

    /**
     * The owner's entries after {@code prev}, perhaps none, and how far the changelog is committed.
     */
    record Append(
            int service,
            int partition,
            Epoch epoch,
            LogPosition prev,
            long committedEnd,
            Entries entries)
            implements OfPartition {}

    /** The sender's changelog is the owner's up to {@code end}. */
    record Appended(int service, int partition, Epoch epoch, LogPosition end)
            implements OfPartition {}

    /**
     * A part of a partition's committed state as of {@code at}.
     *
     * @param index counts the parts from 0
     * @param last whether the state is complete with this part
     */
    record SnapshotPart(
            int service,
            int partition,
            Epoch epoch,
            LogPosition at,
            int index,
            boolean last,
            Snapshot content)
            implements OfPartition {}

    /**
     * The owner's changelog does not contain the receiver's: what has the receiver that the owner
     * has not? Asked before the receiver is given a snapshot.
     *
     * @param lineage where each epoch of the owner's changelog began
     * @param end of the owner's changelog
     * @param from offset from which the receiver is to go on answering
     */
    record Recall(
            int service, int partition, Epoch epoch, List<LogPosition> lineage, long end, long from)
            implements OfPartition {}

    /**
     * Answers a Recall: entries that only the sender has.
     *
     * @param fork offset from which the two changelogs differ
     * @param next offset to go on from
     * @param last whether these are all
     */
    record Recalled(
            int service,
            int partition,
            Epoch epoch,
            long fork,
            long next,
            boolean last,
            Entries entries)
            implements OfPartition {}

    /** The sender has that part: the next may come. */
    record SnapshotTaken(int service, int partition, Epoch epoch, LogPosition at, int index)
            implements OfPartition {}

    /** The sender holds nothing of the partition any more: it is to be sent nothing. */
    record Unfollow(int service, int partition, Epoch epoch) implements OfPartition {}

    /** The owner wants to hear when everything before the offset is on the receiver's disk. */
    record Sync(int service, int partition, Epoch epoch, long end) implements OfPartition {}

    /** Answers a Sync: the changelog up to there, the owner's, is on the sender's disk for good. */
    record Synced(int service, int partition, Epoch epoch, LogPosition end)
            implements OfPartition {}

    // ---- groups of readers ---------------------------------------------------------------------

    /** A frame about a reader of a group, and one partition. */
    sealed interface OfGroup extends OfPartition permits GroupFrame {}

    // ---- rights --------------------------------------------------------------------------------

    /**
     * The receiver may not follow a service, and should not go on asking; said once on a link.
     *
     * @param detail the rule, and the facts
     */
    record Denied(int service, String detail) implements Frame {}

    // ---- membership ----------------------------------------------------------------------------

    /** Who is there, between a server and a client: what is in it, the membership knows. */
    sealed interface OfMembership extends Frame {
        Payload content();
    }

    /** A server tells a client who is there, and what they announce. */
    record Roster(Payload content) implements OfMembership {}

    /** A client tells a server what it announces: the services it uses. */
    record Uses(Payload content) implements OfMembership {}

    // ---- what is published ---------------------------------------------------------------------

    /** A frame about subjects: of the member as a whole, and of none of its partitions. */
    sealed interface OfSubjects extends Frame {}

    /**
     * What the sender wants to hear, or how that has changed.
     *
     * @param version of what it wants, with this; it counts up from 1
     * @param base the version that this changes, or which this goes on with where it is the same; 0
     *     where it takes the place of all there was
     * @param isLast whether the version is complete with this
     * @param isHome whether the sender, a client, has the receiver relay to it
     */
    record Interest(
            long version, long base, boolean isLast, boolean isHome, List<InterestItem> items)
            implements OfSubjects {

        public Interest {
            items = List.copyOf(items);
        }
    }

    /**
     * The sender knows the receiver's interest as of that version.
     *
     * @param isWanted whether it wants all of it: what came does not fit what it has
     */
    record InterestKnown(long version, boolean isWanted) implements OfSubjects {}

    /**
     * Something was published that somebody at the receiver wants.
     *
     * @param sequence counts the sender's frames of that service to the receiver, those included
     *     that were dropped
     */
    record Publish(Route route, long sequence, Publication publication) implements OfSubjects {}

    /** So many subscribers took the publication of that number. */
    record Heard(long call, int subscribers) implements OfSubjects {}

    /** A frame of a tunnel. */
    sealed interface OfTunnel extends Frame permits TunnelFrame {}
}
