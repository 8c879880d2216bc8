package io.tuli.loop;

import io.tuli.Call;
import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.Verbs;
import io.tuli.call.CallSpec;
import io.tuli.call.CallTerms;
import io.tuli.call.Choice;
import io.tuli.call.SurveyTally;
import io.tuli.error.Excerpt;
import io.tuli.handler.CarriedTrace;
import io.tuli.pipe.Opening;
import io.tuli.pipe.Tunnels;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.MessageRules;
import io.tuli.reply.CallLoop;
import io.tuli.reply.MeasuredCall;
import io.tuli.reply.PendingCall;
import io.tuli.reply.Permits;
import io.tuli.reply.Survey;
import io.tuli.reply.SurveyAnswers;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of messages, on the caller's thread: checks the limits, encodes the body, gives an
 * identity, and leaves the call to its loop. What breaks a rule ends here, before anything is sent.
 * Thread-safe.
 */
public final class Calls {

    /** All answers of a survey take as much as so many of the largest messages. */
    private static final int SURVEY_MESSAGES = 16;

    private final MemberId self;
    private final boolean isServer;
    private final Limits limits;
    private final Codec codec;
    private final Loops loops;
    private final Permits permits;
    private final AtomicLong sequence = new AtomicLong();
    private final CarriedTrace traces = new CarriedTrace();
    private final List<MemberParts.CallListener> callListeners = new CopyOnWriteArrayList<>();
    private final Wall wall = new Wall("a listener to calls");

    public Calls(Member self, Limits limits, Codec codec, Loops loops) {
        this.self = self.id();
        this.isServer = self.isServer();
        this.limits = limits;
        this.codec = codec;
        this.loops = loops;
        this.permits = new Permits(limits.callsInFlight());
    }

    /** What calls of this member hold one of each. */
    public Permits permits() {
        return permits;
    }

    public int inFlight() {
        return permits.inUse();
    }

    /** What calls carry that are made while a message is handled. */
    public CarriedTrace traces() {
        return traces;
    }

    /**
     * Tells of the end of each call that is made from now on.
     *
     * @return close it to hear no more
     */
    public AutoCloseable listen(MemberParts.CallListener listener) {
        callListeners.add(listener);
        return () -> callListeners.remove(listener);
    }

    /**
     * To the owner of the message's key; without a key to some partition's owner. Of a stateless
     * service to whichever server.
     */
    public <R> Call<R> toOwner(LocalService service, Message message, Class<R> reply) {
        return send(made(service, message, Whom.OWNER, reply));
    }

    /** To the handler of whichever server is ready, of those, which can change nothing. */
    public <R> Call<R> toAny(LocalService service, Choice choice, Message message, Class<R> reply) {
        return send(made(service, message, Whom.any(choice), reply));
    }

    /** To nobody: it is known before that it cannot be done. */
    public <R> Call<R> refused(
            LocalService service, Message message, Class<R> reply, TuliException why) {
        PendingCall<R> call = made(service, message, Whom.OWNER, reply);
        if (!call.hasEnded()) {
            call.failNow(why);
        }
        return call;
    }

    /** To one member's handler, which can change nothing. */
    public <R> PendingCall<R> toMember(
            LocalService service, MemberId to, Message message, Class<R> reply) {
        return send(made(service, message, new Whom(to, true, Choice.ANY), reply));
    }

    /**
     * To the handlers of all these members, whose answers are one stream.
     *
     * @param wanted ends it when so many have answered
     */
    public <R> Call<R> toAll(
            LocalService service, List<MemberId> to, int wanted, Message message, Class<R> reply) {
        RequestId id = identityOf(message);
        List<PendingCall<R>> calls = new ArrayList<>(to.size());
        for (MemberId member : to) {
            calls.add(toMember(service, member, message.id(id).atMostOnce(), reply));
        }
        return new Survey<>(id, service.name(), loopOf(id), calls, wanted);
    }

    /**
     * To the handlers of all these members, as one answer that says what became of each.
     *
     * @param wanted ends it when so many have answered
     * @throws TuliException TOO_LARGE where there are too many
     */
    public <R> CompletableFuture<Service.Answers<R>> answersOf(
            LocalService service, List<Member> to, int wanted, Message message, Class<R> reply) {
        if (to.size() > SurveyTally.MEMBERS_MOST) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a survey asks so many members at most: "
                            + SurveyTally.MEMBERS_MOST
                            + ", there are "
                            + to.size());
        }
        RequestId id = identityOf(message);
        Map<Member, PendingCall<R>> calls = new LinkedHashMap<>();
        for (Member member : to) {
            Message once = message.id(id).atMostOnce();
            calls.put(member, toMember(service, member.id(), once, reply));
        }
        long bytesMost = (long) SURVEY_MESSAGES * limits.messageBytes();
        return new SurveyAnswers<>(calls, wanted, bytesMost).gather();
    }

    /**
     * Opens a tunnel, and waits for that: to one member, or to whichever server is ready, of those.
     *
     * @throws TuliException where it is not open in time
     */
    public Tunnel open(
            Tunnels tunnels,
            LocalService service,
            @Nullable MemberId member,
            Choice choice,
            Message message) {
        LoopThread.requireMayWait("open of a tunnel");
        Duration lasts = tunnels.lasts(message.within().orElse(null));
        Duration usual = service.terms(Message.of(message.verb())).within();
        Message first = message.within(lasts.compareTo(usual) < 0 ? lasts : usual);
        Extensions.Opening reserved = tunnels.reserve(lasts);
        Opening opening = null;
        try {
            Whom to = member == null ? Whom.any(choice) : new Whom(member, true, choice);
            Extensions extensions = Extensions.of(first).opening(reserved);
            Made made = made(service, first, RequestId.NONE, to, extensions);
            if (made.problem != null) {
                throw made.problem.here();
            }
            opening = tunnels.opening(made.spec, made.loop, service.callTerms().explainer());
        } finally {
            if (opening == null) {
                tunnels.giveBack(reserved);
            }
        }
        if (!opening.loop().post(opening)) {
            opening.failNow(CallLoop.closed());
        }
        return opening.await();
    }

    /**
     * A message that a handler emitted, under the identity that follows from its turn. It is part
     * of what was committed, so no limit on calls holds it up.
     */
    public Call<Object> emitted(LocalService service, Message message, RequestId id) {
        PendingCall<Object> call = made(service, message, id, Whom.OWNER, Object.class);
        if (!call.hasEnded()) {
            leave(call);
        }
        return call;
    }

    private RequestId identityOf(Message message) {
        return message.id().isNone()
                ? new RequestId(self.incarnation(), sequence.incrementAndGet())
                : message.id();
    }

    /**
     * What is added or created without a key gets one that is unique, and the same for a repeat; a
     * record that is created, the id that its data say.
     */
    private Key keyOf(Message message, RequestId id, Payload body) {
        boolean isRecord = message.verb().equals(Resource.CREATE);
        if (!message.key().isNone() || !(isRecord || message.verb().equals(Verbs.ADD))) {
            return message.key();
        }
        String given = isRecord ? idOf(body) : "";
        if (!given.isEmpty()) {
            try {
                return Key.of(given);
            } catch (IllegalArgumentException malformed) {
                throw new TuliException(
                        Failure.BAD_REQUEST, String.valueOf(malformed.getMessage()));
            }
        }
        String unique =
                Long.toUnsignedString(id.origin(), Character.MAX_RADIX)
                        + "-"
                        + Long.toUnsignedString(id.sequence(), Character.MAX_RADIX);
        return Key.of(unique);
    }

    /** The id in the data of a record; empty where there is none. */
    private String idOf(Payload body) {
        boolean isObject = body.format() == Payload.Format.JSON && body.bytes()[0] == '{';
        Map<?, ?> data = isObject ? codec.decode(body, Map.class) : null;
        Object id = data == null ? null : data.get("id");
        if (id == null) {
            return "";
        }
        if (!(id instanceof String) && !(id instanceof Number)) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "an id is a text or a number: " + Excerpt.of(id));
        }
        return id.toString();
    }

    // ---- on the caller's thread ----------------------------------------------------------------

    /**
     * Requires that the caller may give the identity.
     *
     * @throws TuliException BAD_REQUEST
     */
    private void requireOwn(RequestId given) {
        boolean isOwn =
                given.origin() == self.incarnation()
                        && given.isNumbered()
                        && given.sequence() <= sequence.get();
        if (!given.isNamed() && !isOwn) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "an id is a name, or of an earlier call of this member: to repeat a request"
                            + " from elsewhere give it a name, as in id(\"order-17\"): id="
                            + given);
        }
    }

    /**
     * Requires that what is said of a document is told its owner.
     *
     * @throws TuliException BAD_REQUEST
     */
    private static void requireOwner(Message message, boolean isAsked) {
        boolean hasKey = !message.key().isNone() || message.verb().equals(Verbs.ADD);
        boolean isSaid = message.version().isPresent() || message.expiry().isPresent();
        if ((isAsked || !hasKey) && isSaid) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a condition and a duration are about the document of a message's key, and told"
                            + " its owner: send the message with a key, and to the service itself");
        }
    }

    /**
     * Requires that this member may say for whom the message is.
     *
     * @throws TuliException NOT_AUTHORISED
     */
    private void requireServer(Message message) {
        if (!isServer && !message.caller().isMember()) {
            throw new TuliException(
                    Failure.NOT_AUTHORISED,
                    "only servers speak for others, and this member is a client: send it without"
                            + " as(), or join without client(): caller="
                            + message.caller());
        }
    }

    /**
     * Whom a message is for.
     *
     * @param member null for an owner, or for whichever server
     * @param choice which of them
     */
    private record Whom(@Nullable MemberId member, boolean isAsked, Choice choice) {
        static final Whom OWNER = new Whom(null, false, Choice.ANY);
        static final Whom ANY = new Whom(null, true, Choice.ANY);

        static Whom any(Choice choice) {
            return choice.equals(Choice.ANY) ? ANY : new Whom(null, true, choice);
        }
    }

    private <R> PendingCall<R> made(
            LocalService service, Message message, Whom to, Class<R> reply) {
        return made(service, message, RequestId.NONE, to, reply);
    }

    /**
     * A call that is to be sent, or has ended because something is wrong with it.
     *
     * @param ofTurn the identity of what a turn sends; NONE for all else
     */
    private <R> PendingCall<R> made(
            LocalService service, Message message, RequestId ofTurn, Whom to, Class<R> reply) {
        Made made = made(service, message, ofTurn, to, Extensions.of(message));
        PendingCall<R> call = made(service, made.spec, made.loop, reply);
        call.partition(made.partition);
        if (made.problem != null) {
            call.failNow(made.problem);
        }
        return call;
    }

    /**
     * What is asked of whom, and where.
     *
     * @param problem what is wrong with it; null where nothing is
     */
    private record Made(
            CallSpec spec, NodeLoop loop, int partition, @Nullable TuliException problem) {}

    private Made made(
            LocalService service,
            Message message,
            RequestId ofTurn,
            Whom to,
            Extensions extensions) {
        RequestId id = ofTurn.isNone() ? identityOf(message) : ofTurn;
        boolean isAsked = to.isAsked || service.spec().isStateless();
        Key key = message.key();
        Payload body = Payload.NONE;
        SortedMap<String, String> headers = traces.onto(message.headers());
        TuliException problem = null;
        try {
            service.requireAgreement();
            if (ofTurn.isNone() && !message.id().isNone()) {
                requireOwn(message.id());
            }
            requireOwner(message, isAsked);
            requireServer(message);
            Object given = message.body();
            body = given == null ? Payload.NONE : service.codec().encode(given);
            key = isAsked ? key : keyOf(message, id, body);
            MessageRules.require(message.verb(), key, body, headers, limits);
        } catch (TuliException refused) {
            problem = refused;
        }
        CallTerms terms = to.member == null ? service.terms(message) : service.surveyTerms(message);
        CallSpec spec =
                new CallSpec(
                        service.number(),
                        to.member,
                        id,
                        !ofTurn.isNone() || !message.id().isNone(),
                        message.isRepeatable(),
                        message.failsFast(),
                        to.choice,
                        System.nanoTime() + Durations.nanos(terms.within()),
                        terms.commit(),
                        message.verb(),
                        key,
                        body,
                        headers,
                        extensions.servedAs(to.choice.versionsText()));
        int partition = isAsked ? -1 : service.partitionOf(key, id);
        NodeLoop loop = partition < 0 ? loopOf(id) : loops.of(service.number(), partition);
        return new Made(spec, loop, partition, problem);
    }

    private <R> PendingCall<R> made(
            LocalService service, CallSpec spec, NodeLoop loop, Class<R> reply) {
        if (callListeners.isEmpty()) {
            return new PendingCall<>(spec, loop, reply, service.callTerms());
        }
        long begunNanos = System.nanoTime();
        return new MeasuredCall<>(
                spec,
                loop,
                reply,
                service.callTerms(),
                failed -> ended(service.name(), System.nanoTime() - begunNanos, failed));
    }

    private void ended(String service, long nanos, @Nullable TuliException failed) {
        for (MemberParts.CallListener each : callListeners) {
            wall.run(() -> each.ended(service, nanos, failed));
        }
    }

    /** Calls to members are spread over all loops; those of one survey are on one. */
    private NodeLoop loopOf(RequestId id) {
        return loops.at((int) Long.remainderUnsigned(id.sequence(), loops.count()));
    }

    private <R> PendingCall<R> send(PendingCall<R> call) {
        if (call.hasEnded()) {
            return call;
        }
        try {
            NodeLoop here = loops.current();
            if (here != null) {
                here.settleDebts();
            }
            permits.take(!LoopThread.isCurrent(), call.spec().deadlineNanos());
        } catch (TuliException overloaded) {
            call.failNow(overloaded);
            return call;
        }
        call.hasPermit();
        leave(call);
        return call;
    }

    private static void leave(PendingCall<?> call) {
        if (!call.loop().post(call)) {
            call.failNow(CallLoop.closed());
        }
    }
}
