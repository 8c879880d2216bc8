package io.tuli;

import io.tuli.error.Printable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator may want to know: a kind, the facts as a text for people, and as values
 * what it happened to. Each kind says which values it has. Immutable; a method that takes something
 * answers a changed copy.
 */
public final class MeshEvent {

    private static final int NO_PARTITION = -1;

    private final Kind kind;
    private final String text;
    private final Facts facts;

    /** The kinds of events. */
    public enum Kind {
        /** Has a member. */
        MEMBER_JOINED,
        /** Has a member. */
        MEMBER_LEFT,
        /** Has a member: the other end of the link. */
        LINK_CONNECTING,
        /** Has a member: the other end of the link. */
        LINK_UP,
        /** Has a member: the other end of the link. */
        LINK_DOWN,
        /** Has a member: the other end of the link, which does not keep up. */
        LINK_THROTTLED,
        /** Has an address: that of the stranger. */
        LINK_REFUSED,
        /**
         * Others share a service's partitions than before, or this member owns others of them. Told
         * once a change has settled, not for each partition. Has a service and a ring.
         */
        RING_CHANGED,
        /** A replica was replaced by a snapshot. Has a service and a partition. */
        REPLICA_RESET,
        /**
         * Acknowledged writes of one side of a split were given up for the other's. Has a service,
         * a partition and a key.
         */
        WRITES_DISCARDED,
        /** Has a service, and a partition and a key where the handler had one. */
        HANDLER_FAILED,
        /**
         * A handler has been running for long; its key waits, and with an inline one its loop. Has
         * a service, and a partition and a key where the handler had one.
         */
        HANDLER_SLOW,
        /**
         * A fold may not be exactly-once: what it had to read is no longer there, or not as single
         * changes, or it is forgotten whether another side of a split had folded it. Has a service,
         * and mostly a partition.
         */
        FOLD_INEXACT,
        /**
         * Committed events may have been missed by a feed that asked for them, or by all after a
         * split: the changelog no longer reaches back to them, and snapshots hold none. Has a
         * service and a partition; the text says from where to where.
         */
        EVENTS_LOST,
        /**
         * A reader of a group was to stop and has not said so in time, so its group reads the
         * partition on: what it consumed and did not say comes again. Has a service and a
         * partition.
         */
        GROUP_FORCED,
        /**
         * A service is served that was not, as far as this member knows. Has a service and its
         * description.
         */
        SERVICE_APPEARED,
        /**
         * The last server of a service has gone, or is about to. Has a service, and the description
         * that it had.
         */
        SERVICE_GONE,
        /** Has a service. */
        SERVICE_REFUSED,
        /**
         * A consumer of a service's events is too slow and loses some; told once until it has
         * caught up. Has a service.
         */
        SUBSCRIBER_SLOW,
        /**
         * This member wants so many patterns of subjects of a service that it hears all of it, and
         * sorts out what it wants. Has a service.
         */
        INTEREST_WIDENED,
        /**
         * A loop of this member has not got on for {@code loop.stuck}, and all its partitions and
         * links wait: mostly because of a handler that waits on it. Told once each time. Has a
         * member: this one.
         */
        LOOP_HELD_UP,
        /** A loop that was held up goes on. Has a member: this one. */
        LOOP_RECOVERED,
        /**
         * A partition takes no part any more on this member, because of a fault in it that must not
         * spread: restart the member. Its other partitions go on. Has a service and a partition.
         */
        PARTITION_STOPPED,
        /**
         * This member's disk takes long over a write or a sync, and writes wait for it: told at
         * most once a minute. Has a member: this one.
         */
        DISK_SLOW,
        /**
         * This member's disk has no room: what it owns of durable services takes no writes until
         * there is. Has a member: this one.
         */
        DISK_FULL,
        /** A disk that was full has room again. Has a member: this one. */
        DISK_RECOVERED,
        /**
         * This member's journal could not be written, or hangs: it is not tried again, and the
         * member leaves. Started again it finds all that was kept. Has a member: this one.
         */
        JOURNAL_FAILED,
        /**
         * After all its servers had stopped a durable service waits for some that are not back;
         * told again every ten seconds. Has a member, this one, and a service.
         */
        RESTART_WAITS,
        /** A durable service goes on after that. Has a member, this one, and a service. */
        RESTARTED,
        /**
         * The same, but without servers that had it, which the text names: what only they had is
         * away until they come back. Has a member, this one, and a service.
         */
        RESTARTED_WITHOUT,
        /**
         * This member's directory is an old copy, or another's: it does not serve the durable
         * service. Has a member, this one, and a service.
         */
        STALE_DIRECTORY,
        /**
         * A store that this member writes a service's changes to, or restores it from, fails or
         * hangs: it is tried again until it is back, and what is new waits in the changelog. Told
         * when it begins. Has a member, this one, and a service.
         */
        STORE_FAILED,
        /** A store takes changes again. Has a member, this one, and a service. */
        STORE_RECOVERED,
        /**
         * A store cannot take a document, whatever is tried: it is listed, and others go on. Has a
         * service and a key.
         */
        RECORD_SET_ASIDE,
        /**
         * This member cannot go on, and leaves; {@link Mesh#closed()} says why. Has a member: this
         * one.
         */
        MEMBER_BROKEN
    }

    /**
     * What a change of a service's ring came to on this member.
     *
     * @param servers who shares the partitions now, in order of identity
     * @param owned how many partitions this member owns now
     * @param gained the partitions of which it opened an epoch since the last such event, and which
     *     it still owns
     * @param lost the partitions it owned before and does not own now
     */
    public record RingChange(
            List<MemberId> servers, int owned, Map<Integer, Epoch> gained, Set<Integer> lost) {

        public RingChange {
            servers = List.copyOf(servers);
            gained = Map.copyOf(gained);
            lost = Set.copyOf(lost);
        }
    }

    private record Facts(
            @Nullable Member member,
            @Nullable String service,
            int partition,
            @Nullable Key key,
            @Nullable String address,
            @Nullable RingChange ring,
            @Nullable ServiceDescription described) {}

    private MeshEvent(Kind kind, String text, Facts facts) {
        this.kind = kind;
        this.text = text;
        this.facts = facts;
    }

    // ---- how it is made ------------------------------------------------------------------------

    /**
     * An event that happened to nothing yet.
     *
     * @param text the facts, for people; on one line, whatever they are
     */
    public static MeshEvent of(Kind kind, String text) {
        String line = Printable.line(text);
        return new MeshEvent(
                kind, line, new Facts(null, null, NO_PARTITION, null, null, null, null));
    }

    private MeshEvent with(Facts more) {
        return new MeshEvent(kind, text, more);
    }

    /** It happened to this member, if that is known. */
    public MeshEvent member(@Nullable Member whom) {
        Facts f = facts;
        return with(new Facts(whom, f.service, f.partition, f.key, f.address, f.ring, f.described));
    }

    public MeshEvent service(String name) {
        Facts f = facts;
        return with(new Facts(f.member, name, f.partition, f.key, f.address, f.ring, f.described));
    }

    /** It happened to one partition of its service. */
    public MeshEvent partition(int number) {
        Facts f = facts;
        return with(new Facts(f.member, f.service, number, f.key, f.address, f.ring, f.described));
    }

    /** It happened at this key, if it is one. */
    public MeshEvent key(Key at) {
        Facts f = facts;
        Key known = at.isNone() ? null : at;
        return with(
                new Facts(f.member, f.service, f.partition, known, f.address, f.ring, f.described));
    }

    public MeshEvent address(String of) {
        Facts f = facts;
        return with(
                new Facts(
                        f.member,
                        f.service,
                        f.partition,
                        f.key,
                        Printable.line(of),
                        f.ring,
                        f.described));
    }

    public MeshEvent ring(RingChange change) {
        Facts f = facts;
        return with(
                new Facts(f.member, f.service, f.partition, f.key, f.address, change, f.described));
    }

    /** It happened to the service that is described so. */
    public MeshEvent description(ServiceDescription of) {
        Facts f = service(of.name()).facts;
        return with(new Facts(f.member, f.service, f.partition, f.key, f.address, f.ring, of));
    }

    // ---- what it says --------------------------------------------------------------------------

    public Kind kind() {
        return kind;
    }

    /** The facts, for people. */
    public String text() {
        return text;
    }

    public Optional<Member> member() {
        return Optional.ofNullable(facts.member);
    }

    public Optional<String> service() {
        return Optional.ofNullable(facts.service);
    }

    public OptionalInt partition() {
        return facts.partition == NO_PARTITION
                ? OptionalInt.empty()
                : OptionalInt.of(facts.partition);
    }

    public Optional<Key> key() {
        return Optional.ofNullable(facts.key);
    }

    /** {@code host:port}, or the path of a socket. */
    public Optional<String> address() {
        return Optional.ofNullable(facts.address);
    }

    public Optional<RingChange> ring() {
        return Optional.ofNullable(facts.ring);
    }

    /** What the service said of itself. */
    public Optional<ServiceDescription> description() {
        return Optional.ofNullable(facts.described);
    }

    /** Whom it happened to, for people: a member's name, a service, {@code service/partition}. */
    public String subject() {
        Member member = facts.member;
        if (member != null) {
            return member.name();
        }
        String service = facts.service;
        if (service == null) {
            return address().orElse("");
        }
        return facts.partition == NO_PARTITION ? service : service + "/" + facts.partition;
    }

    @Override
    public String toString() {
        return (kind + " " + subject()).strip() + ": " + text;
    }
}
