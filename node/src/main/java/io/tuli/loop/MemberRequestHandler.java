package io.tuli.loop;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.call.Caller;
import io.tuli.handler.ReplyStreams;
import io.tuli.log.Stored;
import io.tuli.member.MemberRequests;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers what concerns no partition: surveys, requests for reports, and the items of streaming
 * replies. Any thread.
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
    private final ReplyStreams streams;

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
            Duration streamIdle) {}

    public MemberRequestHandler(Context context) {
        this.self = context.self();
        this.loops = context.loops();
        this.services = context.services();
        this.peers = context.peers();
        this.calls = context.calls();
        this.denials = context.denials();
        this.reports = new SharedReports(context.reports(), context.codec());
        this.streams = new ReplyStreams(this::send, context.streamIdle());
    }

    // ---- surveys -------------------------------------------------------------------------------

    @Override
    public void asked(MemberId from, Frame.Ask ask) {
        boolean isOther = !from.equals(self);
        String rule = isOther ? questions.open(from, isServer(from)) : null;
        if (rule != null) {
            send(from, failed(ask, new Decision.Fail(Failure.OVERLOADED, rule)));
            return;
        }
        LocalService service = services.find(ask.service());
        if (service == null) {
            refuse(from, ask, Failure.NOT_FOUND, "this member does not know the service");
        } else if (ask.verb().equals(Reserved.REPORT)) {
            report(from, ask, service);
        } else {
            handle(from, ask, service);
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
                        answer(from, ask, body, false);
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

    private void handle(MemberId from, Frame.Ask ask, LocalService service) {
        var handler = service.handler();
        if (handler == null) {
            refuse(from, ask, Failure.METHOD_NOT_ALLOWED, "this member does not serve it");
            return;
        }
        handler.ask(
                ask,
                key -> {
                    Stored stored = service.stored(key);
                    return stored == null ? Payload.NONE : stored.document();
                },
                decision -> decided(from, ask, decision));
    }

    private void decided(MemberId from, Frame.Ask ask, Decision decision) {
        switch (decision) {
            case Decision.Done done -> {
                Decision.Stream stream = done.stream();
                answer(from, ask, done.reply(), stream != null);
                if (stream != null) {
                    streams.start(from, ask.call(), stream);
                }
            }
            case Decision.Fail fail -> refuse(from, ask, fail);
            case Decision.Decline decline ->
                    refuse(from, ask, Failure.CLOSED, "the member is closing: ask another");
            case Decision.Pass pass ->
                    refuse(
                            from,
                            ask,
                            Failure.METHOD_NOT_ALLOWED,
                            "405 method not allowed: the handler passed on verb " + ask.verb());
        }
    }

    /** Who has no link any more is told nothing, whatever it was. */
    private boolean isServer(MemberId member) {
        return member.equals(self) || peers.isServer(member);
    }

    private void answer(MemberId to, Frame.Ask ask, Payload body, boolean streams) {
        answered(to);
        send(
                to,
                new Frame.Result(
                        ask.call(), Outcome.OK, null, "", LogPosition.START, 0, streams, body));
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
        streams.cancel(from, cancel);
    }

    public void linkDown(MemberId member) {
        streams.linkDown(member);
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
        return frame instanceof Frame.OfCall about ? Caller.loopOf(about.call()) : 0;
    }

    @Override
    public void close() {
        streams.close();
    }
}
