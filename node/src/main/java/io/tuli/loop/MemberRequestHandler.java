package io.tuli.loop;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.call.Caller;
import io.tuli.handler.AskDesk;
import io.tuli.handler.HandlerRunner;
import io.tuli.handler.ReplyStreams;
import io.tuli.log.Stored;
import io.tuli.member.MemberRequests;
import io.tuli.pipe.Tunnels;
import io.tuli.pipe.Ways;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.TunnelFrame;
import io.tuli.publish.Publishing;
import io.tuli.reply.SharedOut;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers what concerns no partition: messages to this member, requests for reports, and the items
 * of streaming replies. Any thread.
 */
public final class MemberRequestHandler implements MemberRequests, AutoCloseable {

    /** Header of a request for another member's report. */
    public static final String ABOUT = "about";

    private final MemberId self;
    private final Loops loops;
    private final ServiceBook services;
    private final PeerLinks peers;
    private final SharedReports reports;
    private final OpenQuestions questions = new OpenQuestions();
    private final Calls calls;
    private final DeniedServices denials;
    private final LoopHost.Emissions emissions;
    private final ReplyStreams streams;
    private final Publishing publishing;
    private final Tunnels tunnels;
    private final SharedOut shared = new SharedOut();

    /**
     * What they need.
     *
     * @param streamIdle after which a stream ends whose caller takes nothing
     */
    public record Context(
            MemberId self,
            Loops loops,
            ServiceBook services,
            PeerLinks peers,
            Reports reports,
            Calls calls,
            DeniedServices denials,
            Codec codec,
            LoopHost.Emissions emissions,
            Duration streamIdle,
            Publishing publishing,
            Tunnels.Bounds tunnels) {}

    public MemberRequestHandler(Context context) {
        this.self = context.self();
        this.loops = context.loops();
        this.services = context.services();
        this.peers = context.peers();
        this.calls = context.calls();
        this.denials = context.denials();
        this.emissions = context.emissions();
        this.reports = new SharedReports(context.reports(), context.codec());
        this.streams = new ReplyStreams(this::send, context.streamIdle());
        this.publishing = context.publishing();
        this.tunnels = new Tunnels(context.tunnels(), context.codec(), new TunnelWays());
    }

    // ---- asks ----------------------------------------------------------------------------------

    @Override
    public void asked(MemberId from, Frame.Ask ask) {
        LocalService service = services.find(ask.service());
        if (ask.verb().equals(Reserved.REPORT)) {
            reportAsked(from, ask, service);
            return;
        }
        if (ask.verb().equals(Reserved.LAST)) {
            lastAsked(from, ask, service);
            return;
        }
        HandlerRunner<?> handler = service == null ? null : service.handler();
        if (handler != null && ask.verb().equals(Reserved.ALIVE)) {
            answer(from, ask, Payload.NULL);
            return;
        }
        if (service != null && handler != null) {
            handler.desk().asked(from, ask, mostOf(from, service), new AskPort(service));
        } else if (service == null) {
            send(from, unseen(ask, Failure.NOT_FOUND, "this member does not know the service"));
        } else {
            send(from, unseen(ask, Failure.METHOD_NOT_ALLOWED, "this member does not serve it"));
        }
    }

    private static Frame.Unseen unseen(Frame.Ask ask, Failure failure, String detail) {
        return new Frame.Unseen(ask.call(), failure, detail);
    }

    /** A service without state is there to be asked; where there is one, asking is besides. */
    private int mostOf(MemberId from, LocalService service) {
        if (service.spec().isStateless() || from.equals(self)) {
            return Integer.MAX_VALUE;
        }
        return isServer(from) ? OpenQuestions.OF_A_SERVER_MOST : OpenQuestions.OF_A_CLIENT_MOST;
    }

    /** What the desk of a service needs. */
    private final class AskPort implements AskDesk.Port {
        private final LocalService service;

        AskPort(LocalService service) {
            this.service = service;
        }

        @Override
        public void send(MemberId to, Frame frame) {
            MemberRequestHandler.this.send(to, frame);
        }

        @Override
        public boolean isRemote(MemberId member) {
            return !member.equals(self);
        }

        @Override
        public @Nullable Decision tunnel(MemberId from, Frame.Ask ask, AskDesk.Place place) {
            HandlerRunner<?> handler = service.handler();
            return handler == null
                    ? new Decision.Decline()
                    : tunnels.serve(handler, service.number(), from, ask, place);
        }

        @Override
        public void stream(MemberId to, long call, Decision.Stream stream) {
            streams.start(to, call, stream);
        }

        @Override
        public void emit(Decision.Emitted emitted, RequestId id) {
            emissions.emit(emitted, id);
        }

        @Override
        public Payload document(String topLevelKey) {
            Stored stored = service.stored(topLevelKey);
            return stored == null ? Payload.NONE : stored.document();
        }
    }

    private void desks(BiConsumer<AskDesk, AskPort> action) {
        for (LocalService service : services.all()) {
            HandlerRunner<?> handler = service.handler();
            if (handler != null) {
                action.accept(handler.desk(), new AskPort(service));
            }
        }
    }

    @Override
    public long nextShared(int service, String versions) {
        return shared.next(service, versions);
    }

    @Override
    public void tick(long now) {
        desks(AskDesk::tick);
        tunnels.tick(System.nanoTime());
        publishing.tick(now);
    }

    // ---- reports -------------------------------------------------------------------------------

    private void reportAsked(MemberId from, Frame.Ask ask, @Nullable LocalService service) {
        boolean isOther = !from.equals(self);
        String rule = isOther ? questions.open(from, isServer(from)) : null;
        if (rule != null) {
            send(from, failed(ask, new Decision.Fail(Failure.OVERLOADED, rule)));
        } else if (service == null) {
            refuse(from, ask, Failure.NOT_FOUND, "this member does not know the service");
        } else {
            report(from, ask, service);
        }
    }

    private void report(MemberId from, Frame.Ask ask, LocalService service) {
        String rule = isServer(from) ? null : reports.take(from, service);
        if (rule != null) {
            refuse(from, ask, Failure.OVERLOADED, rule);
            return;
        }
        String about = ask.headers().get(ABOUT);
        CompletableFuture<@Nullable Payload> report =
                about == null ? reports.of(service) : relayed(ask, service, about);
        report.whenComplete(
                (body, failed) -> {
                    if (body == null) {
                        refuse(from, ask, Failure.UNAVAILABLE, String.valueOf(failed));
                    } else {
                        answer(from, ask, body);
                    }
                });
    }

    /** What a member says that the one who asks has no link to. */
    private CompletableFuture<@Nullable Payload> relayed(
            Frame.Ask ask, LocalService service, String about) {
        MemberId member = peers.find(about);
        if (member == null) {
            return CompletableFuture.failedFuture(
                    new TuliException(Failure.NOT_FOUND, "there is no link to member " + about));
        }
        Message message =
                Message.of(Reserved.REPORT).within(Duration.ofMillis(ask.timeoutMillis()));
        return calls.toMember(service, member, message, Payload.class).reply();
    }

    /** Who has no link any more is told nothing, whatever it was. */
    private boolean isServer(MemberId member) {
        return member.equals(self) || peers.isServer(member);
    }

    private void answer(MemberId to, Frame.Ask ask, Payload body) {
        answered(to);
        send(to, ok(ask, body));
    }

    private static Frame ok(Frame.Ask ask, Payload body) {
        return new Frame.Result(
                ask.call(), Outcome.OK, null, "", LogPosition.START, 0, false, body);
    }

    private void refuse(MemberId to, Frame.Ask ask, Failure failure, String detail) {
        refuse(to, ask, new Decision.Fail(failure, detail));
    }

    private void refuse(MemberId to, Frame.Ask ask, Decision.Fail why) {
        answered(to);
        send(to, failed(ask, why));
    }

    private static Frame failed(Frame.Ask ask, Decision.Fail why) {
        return new Frame.Result(
                ask.call(),
                Outcome.FAILED,
                why.failure(),
                why.detail(),
                LogPosition.START,
                0,
                false,
                why.body());
    }

    private void answered(MemberId by) {
        if (!by.equals(self)) {
            questions.answered(by);
        }
    }

    @Override
    public void membership(MemberId from, Frame.OfMembership frame) {
        peers.heard(from, frame);
    }

    // ---- rights --------------------------------------------------------------------------------

    /** What a server says of its own services. */
    @Override
    public void denied(MemberId from, Frame.Denied denied) {
        denials.denied(denied);
    }

    public void linkUp() {
        denials.linkUp();
    }

    // ---- what is published ---------------------------------------------------------------------

    @Override
    public void ofSubjects(MemberId from, Frame.OfSubjects frame, long now) {
        publishing.received(from, frame, now);
    }

    /** What this member keeps of what it has published; not to who does not take it. */
    private void lastAsked(MemberId from, Frame.Ask ask, @Nullable LocalService service) {
        Link link = peers.link(from);
        if (service == null) {
            send(from, unseen(ask, Failure.NOT_FOUND, "this member does not know the service"));
        } else if (link != null && !link.hasMuchRoom()) {
            String rule = "who asks for what is kept takes what comes on its link";
            send(from, failed(ask, new Decision.Fail(Failure.OVERLOADED, rule)));
        } else {
            try {
                send(from, ok(ask, publishing.lastPage(ask.service(), ask.body())));
            } catch (TuliException malformed) {
                String rule = String.valueOf(malformed.getMessage());
                send(from, failed(ask, new Decision.Fail(malformed.failure(), rule)));
            }
        }
    }

    // ---- streams -------------------------------------------------------------------------------

    public ReplyStreams streams() {
        return streams;
    }

    @Override
    public void credited(MemberId from, Frame.Credit credit) {
        streams.credit(from, credit);
    }

    @Override
    public void cancelled(MemberId from, Frame.Cancel cancel) {
        desks((desk, port) -> desk.cancelled(from, cancel.call(), port));
        if (!tunnels.cancelled(from, cancel.call())) {
            streams.cancel(from, cancel);
        }
    }

    public void linkDown(MemberId member) {
        streams.linkDown(member);
        tunnels.linkDown(member);
        desks((desk, port) -> desk.linkDown(member, port));
    }

    /** Takes no more asks; whether what ran has ended, and who asks has heard of it. */
    public boolean drain() {
        desks(AskDesk::close);
        boolean isQuiet = true;
        for (LocalService service : services.all()) {
            HandlerRunner<?> handler = service.handler();
            isQuiet &= handler == null || handler.desk().isQuiet();
        }
        return isQuiet;
    }

    /** The same for one service. */
    public boolean drain(LocalService service) {
        HandlerRunner<?> handler = service.handler();
        if (handler == null) {
            return true;
        }
        handler.desk().close(new AskPort(service));
        return handler.desk().isQuiet();
    }

    // ---- tunnels -------------------------------------------------------------------------------

    /** Those that this member serves, and has opened. */
    public Tunnels tunnels() {
        return tunnels;
    }

    @Override
    public void tunnelled(MemberId from, TunnelFrame frame) {
        tunnels.received(from, frame);
    }

    /** The links, as tunnels take them. */
    private final class TunnelWays implements Ways {

        /** Looked at and filled by one thread at a time: together they do not fill it too far. */
        @Override
        public boolean sendIfRoom(MemberId to, TunnelFrame.Piece piece) {
            Link link = to.equals(self) ? null : peers.link(to);
            if (link == null) {
                send(to, piece);
                return true;
            }
            synchronized (link) {
                boolean isSent = link.hasMuchRoom() || link.isClosed();
                if (isSent) {
                    link.sendInOrder(piece);
                }
                return isSent;
            }
        }

        @Override
        public void send(MemberId to, Frame frame) {
            Link link = to.equals(self) ? null : peers.link(to);
            if (link == null) {
                MemberRequestHandler.this.send(to, frame);
            } else {
                link.sendInOrder(frame);
            }
        }

        @Override
        public boolean isThere(MemberId member) {
            return member.equals(self) || peers.link(member) != null;
        }

        @Override
        public boolean isRemote(MemberId member) {
            return !member.equals(self);
        }
    }

    public int openStreams() {
        return streams.open();
    }

    /**
     * To whoever asked. To this member itself it takes the same queue as the loop's own answers, so
     * that an item cannot overtake the result it belongs to.
     */
    private void send(MemberId to, Frame frame) {
        if (to.equals(self)) {
            NodeLoop loop = loops.at(loopOf(frame));
            loop.post(() -> loop.send(self, frame));
            return;
        }
        Link link = peers.link(to);
        if (link != null) {
            LoopNetwork.send(link, frame);
        }
    }

    private static int loopOf(Frame frame) {
        return switch (frame) {
            case Frame.OfCall about -> Caller.loopOf(about.call());
            case TunnelFrame about -> Caller.loopOf(about.call());
            default -> 0;
        };
    }

    @Override
    public void close() {
        streams.close();
    }
}
