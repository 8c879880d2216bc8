package io.tuli.node;

import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.agreement.Agreement;
import io.tuli.agreement.Restarts;
import io.tuli.agreement.Roster;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.error.Excerpt;
import io.tuli.interest.PublishCore;
import io.tuli.loop.Calls;
import io.tuli.loop.DeniedServices;
import io.tuli.loop.HandlerBridge;
import io.tuli.loop.LoopContext;
import io.tuli.loop.LoopJournal;
import io.tuli.loop.Loops;
import io.tuli.loop.MemberRequestHandler;
import io.tuli.loop.NodeLoop;
import io.tuli.loop.PartitionOpener;
import io.tuli.loop.PeerLinks;
import io.tuli.loop.Reports;
import io.tuli.loop.SubjectLinks;
import io.tuli.member.MemberCore;
import io.tuli.membership.Membership;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Thrown;
import io.tuli.publish.Publishing;
import io.tuli.reply.CallLoop;
import io.tuli.service.Listeners;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import io.tuli.spin.Watchdog;
import io.tuli.staging.JournalDirectory;
import io.tuli.start.Preparation;
import io.tuli.transport.Transport;
import io.tuli.transport.TransportConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Composes one member and joins it to its mesh. Used once, by one thread. */
final class Joining {

    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    /** What may wait of requests, where it is not said. */
    private static final int HELD_PART_OF_HEAP = 4;

    /** For a page of what another member keeps. */
    private static final Duration LAST_WITHIN = Duration.ofSeconds(5);

    private final MemberSetting setting;
    private final BiFunction<Member, Consumer<Roster>, Membership> membership;
    private final TransportConfig config;
    private final Limits limits;
    private final Listeners listeners = new Listeners();
    private final ServiceBook book = new ServiceBook();
    private final JsonDocuments documents = new JsonDocuments();
    private final JsonCodec codec;
    private final Loops loops;
    private final PeerLinks peers;
    private final Transport transport;
    private final Calls calls;
    private final Publishing publishing;

    /** Known once the data port is bound. */
    private final AtomicReference<Member> self;

    /** Known last of all. */
    private final AtomicReference<MeshNode> node = new AtomicReference<>();

    /** Why this member must not go on, if it must not. */
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    Joining(MemberSetting setting) {
        this(setting, null);
    }

    /** Over another membership: in tests, one without sockets. */
    Joining(
            MemberSetting setting,
            @Nullable BiFunction<Member, Consumer<Roster>, Membership> membership) {
        this.setting = setting;
        this.config = setting.transport();
        this.limits = config.limits();
        this.codec = new JsonCodec(limits);
        this.self = new AtomicReference<>(config.self());
        this.loops = new Loops(config.loops());
        this.peers = new PeerLinks(config.self(), loops, listeners);
        this.calls = new Calls(config.self(), limits, codec, loops);
        this.publishing = publishing();
        this.peers.publishing(publishing);
        this.transport = new Transport(config, peers);
        this.membership =
                membership != null
                        ? membership
                        : (self, listener) ->
                                new Rosters(transport, peers)
                                        .membership(setting.membership(), self, listener);
    }

    private Publishing publishing() {
        SubjectLinks links = new SubjectLinks(peers);
        Member member = config.self();
        long seed = ThreadLocalRandom.current().nextLong();
        return new Publishing(
                new Publishing.Setting(
                        config.role(), codec, limits, listeners::tell, this::askForLast),
                new PublishCore.Setting(
                        member.id(), member.isServer(), seed, other -> links.isNear(other, member)),
                links);
    }

    /** What another member keeps of what it has published. On a thread that may wait. */
    private Payload askForLast(MemberId member, int service, Payload question) {
        LocalService known = book.find(service);
        if (known == null) {
            throw CallLoop.closed();
        }
        Message ask = Message.of(Reserved.LAST, question).within(LAST_WITHIN);
        Payload page = calls.toMember(known, member, ask, Payload.class).await();
        return page == null ? Payload.NONE : page;
    }

    MeshNode join() {
        MemberJournal journal = journal();
        PartitionOpener opener = new PartitionOpener(loops, forLoops(journal));
        Directory directory = directory(opener, journal);
        Reports reports =
                new Reports(this::self, loops, directory::isLeaving, directory::isWaiting);
        MemberRequestHandler memberRequests =
                new MemberRequestHandler(
                        new MemberRequestHandler.Context(
                                config.self().id(),
                                loops,
                                book,
                                peers,
                                reports,
                                calls,
                                denied(opener, directory),
                                codec,
                                this::emit,
                                setting.streamIdle(),
                                publishing,
                                setting.tunnels()));
        peers.onWritable(memberRequests.tunnels()::writable);
        peers.onUp(memberRequests::linkUp);
        peers.onDown(memberRequests::linkDown);
        Watchdog watchdog = compose(memberRequests, forLoops(journal));
        Membership members = null;
        try {
            bind();
            Preparation.ofThisJvm().awaitMembership();
            members = membership.apply(self(), roster -> seen(directory, roster));
            directory.announceTo(members);
            NodeContext context =
                    new NodeContext(
                            self(),
                            limits,
                            setting,
                            codec,
                            documents,
                            loops,
                            book,
                            opener,
                            directory,
                            peers,
                            listeners,
                            calls,
                            reports,
                            memberRequests,
                            publishing,
                            new HandlerBridge(loops, listeners, calls.traces()),
                            transport,
                            watchdog,
                            members,
                            journal);
            return joined(context);
        } catch (Throwable failed) {
            giveUp(watchdog, members, journal);
            throw failed;
        }
    }

    private MeshNode joined(NodeContext context) {
        MeshNode joined = new MeshNode(config.mesh(), context);
        node.set(joined);
        context.membership().join();
        joined.hookUp();
        abandonIfBroken(joined);
        return joined;
    }

    private DeniedServices denied(PartitionOpener opener, Directory directory) {
        return new DeniedServices(
                book,
                service -> {
                    opener.reopen(service);
                    directory.reopened(service);
                });
    }

    /** Whatever went wrong, nothing is left of a member that has not joined. */
    private void giveUp(
            Watchdog watchdog, @Nullable Membership members, @Nullable MemberJournal journal) {
        watchdog.close();
        try {
            if (members != null) {
                members.close();
            }
        } finally {
            transport.close();
            if (journal != null) {
                journal.close();
            }
        }
    }

    private Member self() {
        return Objects.requireNonNull(self.get());
    }

    private int heldBytes() {
        long part = Runtime.getRuntime().maxMemory() / HELD_PART_OF_HEAP;
        return limits.heldBytes() > 0
                ? limits.heldBytes()
                : (int) Math.min(Integer.MAX_VALUE, part);
    }

    /** What is there from an earlier life is read before anything else begins. */
    private @Nullable MemberJournal journal() {
        JournalDirectory directory = setting.directory();
        if (directory == null) {
            return null;
        }
        MemberJournal journal =
                new MemberJournal(
                        new MemberJournal.Setting(
                                directory, setting.journal(), this::self, this::broken),
                        config.loops(),
                        loops,
                        book,
                        listeners);
        journal.start();
        try {
            journal.requireFresh();
            return journal;
        } catch (TuliException stale) {
            journal.close();
            throw stale;
        }
    }

    private Directory directory(PartitionOpener opener, @Nullable MemberJournal journal) {
        Directory directory =
                new Directory(
                        new Directory.Parts(config.self().id(), loops, book, opener, listeners),
                        agreement(journal),
                        new RestartNews(loops, listeners, this::self),
                        why -> Objects.requireNonNull(journal).setAside(why));
        if (journal != null) {
            journal.directory(directory);
        }
        return directory;
    }

    private Agreement agreement(@Nullable MemberJournal journal) {
        MemberId self = config.self().id();
        return journal == null
                ? new Agreement(self)
                : new Agreement(
                        self,
                        new Restarts(self, journal.boot(), setting.restart(), journal::keepRing),
                        journal.rings());
    }

    private static LoopJournal forLoops(@Nullable MemberJournal journal) {
        return journal == null ? LoopJournal.NONE : journal;
    }

    private Watchdog compose(MemberRequestHandler memberRequests, LoopJournal journal) {
        LoopContext setting =
                new LoopContext(
                        config.self().id(),
                        MemberCore.partOf(
                                limits.toBuilder().heldBytes(heldBytes()).build(), config.loops()),
                        documents,
                        loops,
                        book,
                        memberRequests,
                        memberRequests.streams(),
                        this::emit,
                        this::broken,
                        journal);
        List<NodeLoop> all = new ArrayList<>();
        for (int index = 0; index < config.loops(); index++) {
            all.add(new NodeLoop(index, transport.loop(index), setting));
        }
        loops.compose(all);
        all.forEach(NodeLoop::start);
        Watchdog watchdog =
                new Watchdog(
                        config.self().name(),
                        all.stream().map(NodeLoop::thread).toList(),
                        this.setting.loopStuck(),
                        new HeldUp());
        watchdog.start();
        return watchdog;
    }

    /** Tells what the watchdog sees. */
    private final class HeldUp implements Watchdog.Listener {

        @Override
        public void heldUp(String loop, Duration held, String stack) {
            String text =
                    "a loop must not be held up: loop="
                            + loop
                            + " heldUpMillis="
                            + held.toMillis()
                            + "; declare the handler not inline that is here:"
                            + stack;
            listeners.tell(MeshEvent.of(MeshEvent.Kind.LOOP_HELD_UP, text).member(config.self()));
        }

        @Override
        public void goesOn(String loop, Duration held) {
            String text = "the loop goes on: loop=" + loop + " heldUpMillis=" + held.toMillis();
            listeners.tell(MeshEvent.of(MeshEvent.Kind.LOOP_RECOVERED, text).member(config.self()));
        }

        @Override
        public void ended(String loop) {
            broken(new IllegalStateException("the thread of a loop has ended: " + loop));
        }
    }

    private void bind() {
        InetSocketAddress bound = transport.start();
        Member before = self();
        int port = before.isServer() ? bound.getPort() : 0; // a client takes no links
        self.set(new Member(before.id(), before.name(), before.role(), before.host(), port));
    }

    private void seen(Directory directory, Roster roster) {
        directory.roster(roster);
        peers.present(roster.members(), transport);
        MeshNode joined = node.get();
        if (joined != null) {
            joined.rosterChanged();
        }
    }

    // ---- what the loops cannot do by themselves ------------------------------------------------

    /** A handler's message to another service; that one may have to be looked up first. */
    private void emit(Decision.Emitted emitted, RequestId id) {
        LocalService known = book.find(emitted.service()).orElse(null);
        if (known != null && !known.closing().hasBegun()) {
            emit(known, emitted, id);
            return;
        }
        Thread.ofVirtual()
                .name("tuli-emit-" + emitted.service())
                .start(
                        () -> {
                            MeshNode joined = node.get();
                            if (joined == null) {
                                tellLost(emitted, CallLoop.closed());
                            } else {
                                emitToUnknown(joined, emitted, id);
                            }
                        });
    }

    private void emitToUnknown(MeshNode joined, Decision.Emitted emitted, RequestId id) {
        try {
            emit(joined.forSending(emitted.service()), emitted, id);
        } catch (RuntimeException | Error lost) {
            tellLost(emitted, lost);
        }
    }

    private void emit(LocalService to, Decision.Emitted emitted, RequestId id) {
        calls.emitted(to, emitted.message(), id)
                .reply()
                .whenComplete(
                        (reply, failed) -> {
                            if (failed != null) {
                                tellLost(emitted, failed);
                            }
                        });
    }

    private void tellLost(Decision.Emitted emitted, Throwable why) {
        String text =
                "an emitted message failed: verb="
                        + Excerpt.of(emitted.message().verb())
                        + " key="
                        + Excerpt.of(emitted.message().key())
                        + " because "
                        + Thrown.text(why);
        listeners.tell(
                MeshEvent.of(MeshEvent.Kind.HANDLER_FAILED, text)
                        .service(emitted.service())
                        .key(emitted.message().key()));
    }

    /** First what needs no memory: there may be none left. */
    private void broken(Throwable error) {
        boolean isNews = fault.compareAndSet(null, error);
        MeshNode joined = node.get();
        if (joined != null) {
            joined.abandon(error);
        }
        if (isNews) {
            try {
                LOG.error("This member cannot go on, it leaves: member={}", self.get(), error);
                String text = "this member cannot go on, it leaves: " + Thrown.text(error);
                listeners.tell(MeshEvent.of(MeshEvent.Kind.MEMBER_BROKEN, text).member(self()));
            } catch (Throwable noMemory) {
                error.addSuppressed(noMemory);
            }
        }
    }

    /** It may have happened before anybody could be told. */
    private void abandonIfBroken(MeshNode joined) {
        Throwable error = fault.get();
        if (error != null) {
            joined.abandon(error);
        }
    }
}
