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
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.call.CallSpec;
import io.tuli.call.CallTerms;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.MessageRules;
import io.tuli.reply.CallLoop;
import io.tuli.reply.PendingCall;
import io.tuli.reply.Permits;
import io.tuli.reply.Survey;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of messages, on the caller's thread: checks the limits, encodes the body, gives an
 * identity, and leaves the call to its loop. What breaks a rule ends here, before anything is sent.
 * Thread-safe.
 */
public final class Calls {

    private final MemberId self;
    private final boolean isServer;
    private final Limits limits;
    private final Codec codec;
    private final Loops loops;
    private final Permits permits;
    private final AtomicLong sequence = new AtomicLong();

    public Calls(Member self, Limits limits, Codec codec, Loops loops) {
        this.self = self.id();
        this.isServer = self.isServer();
        this.limits = limits;
        this.codec = codec;
        this.loops = loops;
        this.permits = new Permits(limits.callsInFlight());
    }

    public int inFlight() {
        return permits.inUse();
    }

    /**
     * To the owner of the message's key; without a key to some partition's owner. Of a stateless
     * service to whichever server.
     */
    public <R> Call<R> toOwner(LocalService service, Message message, Class<R> reply) {
        Draft draft = draft(service, message, Whom.OWNER);
        PendingCall<R> call = new PendingCall<>(draft.spec, terms(service, draft, reply));
        send(draft, call);
        return call;
    }

    /** To the handler of whichever server is ready, which can change nothing. */
    public <R> Call<R> toAny(LocalService service, Message message, Class<R> reply) {
        Draft draft = draft(service, message, Whom.ANY);
        PendingCall<R> call = new PendingCall<>(draft.spec, terms(service, draft, reply));
        send(draft, call);
        return call;
    }

    /** To nobody: it is known before that it cannot be done. */
    public <R> Call<R> refused(
            LocalService service, Message message, Class<R> reply, TuliException why) {
        Draft draft = draft(service, message, Whom.OWNER);
        PendingCall<R> call = new PendingCall<>(draft.spec, terms(service, draft, reply));
        call.failNow(draft.problem == null ? why : draft.problem);
        return call;
    }

    /** To one member's handler, which can change nothing. */
    public <R> PendingCall<R> toMember(
            LocalService service, MemberId to, Message message, Class<R> reply) {
        Draft draft = draft(service, message, new Whom(to, true));
        PendingCall<R> call = new PendingCall<>(draft.spec, terms(service, draft, reply));
        send(draft, call);
        return call;
    }

    /** To the handlers of all these members. */
    public <R> Call<R> toAll(
            LocalService service, List<MemberId> to, Message message, Class<R> reply) {
        RequestId id = identityOf(message);
        List<PendingCall<R>> calls = new ArrayList<>(to.size());
        for (MemberId member : to) {
            calls.add(toMember(service, member, message.id(id).atMostOnce(), reply));
        }
        return new Survey<>(id, service.name(), loopOf(id), calls);
    }

    /**
     * A message that a handler emitted, under the identity that follows from its turn. It is part
     * of what was committed, so no limit on calls holds it up.
     */
    public Call<Object> emitted(LocalService service, Message message, RequestId id) {
        Draft draft = draft(service, message, id, Whom.OWNER);
        PendingCall<Object> call =
                new PendingCall<>(draft.spec, terms(service, draft, Object.class));
        if (draft.problem != null) {
            call.failNow(draft.problem);
        } else {
            leave(draft, call);
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
     * Requires that whoever is asked for a version can look at it.
     *
     * @throws TuliException BAD_REQUEST
     */
    private static void requireOwner(Message message, boolean isAsked) {
        boolean hasKey = !message.key().isNone() || message.verb().equals(Verbs.ADD);
        if ((isAsked || !hasKey) && message.version().isPresent()) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a condition is about the document of a message's key, and its owner looks at"
                            + " it: send the message with a key, and to the service itself");
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

    /** A spec, the partition it goes to, and what is wrong with it, if anything is. */
    private record Draft(
            CallSpec spec, int partition, NodeLoop loop, @Nullable TuliException problem) {}

    /**
     * Whom a message is for.
     *
     * @param member null for an owner, or for whichever server
     */
    private record Whom(@Nullable MemberId member, boolean isAsked) {
        static final Whom OWNER = new Whom(null, false);
        static final Whom ANY = new Whom(null, true);
    }

    private Draft draft(LocalService service, Message message, Whom to) {
        return draft(service, message, RequestId.NONE, to);
    }

    /**
     * What is to be sent.
     *
     * @param ofTurn the identity of what a turn sends; NONE for all else
     */
    private Draft draft(LocalService service, Message message, RequestId ofTurn, Whom to) {
        RequestId id = ofTurn.isNone() ? identityOf(message) : ofTurn;
        boolean isAsked = to.isAsked || service.spec().isStateless();
        Key key = message.key();
        Payload body = Payload.NONE;
        TuliException problem = null;
        try {
            service.requireAgreement();
            if (ofTurn.isNone() && !message.id().isNone()) {
                requireOwn(message.id());
            }
            requireOwner(message, isAsked);
            requireServer(message);
            body = message.body() == null ? Payload.NONE : codec.encode(message.body());
            key = isAsked ? key : keyOf(message, id, body);
            MessageRules.require(message.verb(), key, body, message.headers(), limits);
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
                        System.nanoTime() + Durations.nanos(terms.within()),
                        terms.commit(),
                        message.verb(),
                        key,
                        body,
                        message.headers(),
                        Extensions.of(message.version().orElse(null), message.caller()));
        int partition = isAsked ? -1 : service.partitionOf(key, id);
        NodeLoop loop = partition < 0 ? loopOf(id) : loops.of(service.number(), partition);
        return new Draft(spec, partition, loop, problem);
    }

    /** Calls to members are spread over all loops; those of one survey are on one. */
    private NodeLoop loopOf(RequestId id) {
        return loops.at((int) Long.remainderUnsigned(id.sequence(), loops.count()));
    }

    private <R> PendingCall.Terms<R> terms(LocalService service, Draft draft, Class<R> reply) {
        return new PendingCall.Terms<>(draft.loop, codec, reply, permits, service.explainer());
    }

    private void send(Draft draft, PendingCall<?> call) {
        if (draft.problem != null) {
            call.failNow(draft.problem);
            return;
        }
        try {
            NodeLoop here = loops.current();
            if (here != null) {
                here.settleDebts();
            }
            permits.take(!LoopThread.isCurrent(), draft.spec.deadlineNanos());
        } catch (TuliException overloaded) {
            call.failNow(overloaded);
            return;
        }
        call.hasPermit();
        leave(draft, call);
    }

    private static void leave(Draft draft, PendingCall<?> call) {
        call.partition(draft.partition);
        if (!draft.loop.post((Object) call)) {
            call.failNow(CallLoop.closed());
        }
    }
}
