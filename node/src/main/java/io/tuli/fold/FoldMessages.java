package io.tuli.fold;

import io.tuli.Caller;
import io.tuli.Change;
import io.tuli.Commit;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.error.Excerpt;
import io.tuli.feed.Item;
import io.tuli.feed.Shape;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.MessageRules;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Thrown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns an entry of the source into requests for partitions of the target. What a fold cannot
 * answer or encode is told as an event and left out: the fold goes on. On the fold's thread.
 */
final class FoldMessages {

    private final ServiceSpec target;
    private final String sourceName;
    private final int source;
    private final FoldConfig config;
    private final Shape<Change> shape;
    private final BooleanSupplier isClosed;
    private final Caller caller;
    private final Extensions ofFold;

    FoldMessages(
            String sourceName, ServiceSpec target, FoldConfig config, BooleanSupplier isClosed) {
        this.target = target;
        this.sourceName = sourceName;
        this.source = ServiceSpec.numberOf(sourceName);
        this.config = config;
        this.isClosed = isClosed;
        this.shape = new Shape.OfChanges(config.sourceCodec());
        this.caller = Caller.arrived(new ArrivedCaller("fold", sourceName, new byte[0], false));
        this.ofFold = Extensions.NONE.as(caller);
    }

    /**
     * A request, and the marks it moves: of the entry's place, and of those a merge took it from.
     */
    record Folded(Frame.Request request, List<SourceMark> marks) {}

    ServiceSpec target() {
        return target;
    }

    /** The number of the source service. */
    int source() {
        return source;
    }

    /**
     * What an entry yields, in order; each partition's last message consumes the entry. Null when
     * the fold was closed meanwhile: what its function answered then may be due to that.
     */
    @Nullable List<Folded> of(int partition, Entry entry) {
        List<Frame.Request> requests = new ArrayList<>();
        for (Change change : shape.of(Item.entry(partition, entry, entry.edits()))) {
            for (Message message : messagesFor(change)) {
                add(requests, change, message);
            }
        }
        if (isClosed.getAsBoolean()) {
            return null;
        }
        return requests.isEmpty() ? List.of() : marked(requests, partition, entry);
    }

    @SuppressWarnings("ConstantValue") // Users' code may answer null all the same.
    private List<Message> messagesFor(Change change) {
        try {
            List<Message> messages = config.fold().messagesFor(change);
            if (messages == null) {
                report(
                        change,
                        "a fold answers a list of messages, an empty one for none, not null");
                return List.of();
            }
            return List.copyOf(messages);
        } catch (Throwable thrown) {
            report(change, "the fold threw " + Thrown.text(thrown));
            return List.of();
        }
    }

    private void add(List<Frame.Request> requests, Change change, Message message) {
        if (message.key().isNone()) {
            report(change, "a folded message has a key: verb=" + Excerpt.of(message.verb()));
            return;
        }
        try {
            requests.add(request(message));
        } catch (TuliException refused) {
            report(change, "a folded message cannot be sent: " + refused.getMessage());
        } catch (Throwable broken) {
            report(change, "a folded message cannot be made: " + Thrown.text(broken));
        }
    }

    private Frame.Request request(Message message) {
        Payload body = config.targetCodec().encode(message.body());
        MessageRules.requireUnreserved(message.verb());
        MessageRules.require(
                message.verb(), message.key(), body, message.headers(), config.limits());
        return new Frame.Request(
                target.number(),
                target.partitionOf(message.key().top()),
                0,
                message.id(),
                0,
                Integer.MAX_VALUE,
                message.commit().orElse(Commit.safe()),
                message.verb(),
                message.key(),
                body,
                message.headers(),
                extensions(message));
    }

    /** The fold calls, unless it says for whom. */
    private Extensions extensions(Message message) {
        Extensions said = Extensions.of(message);
        if (said.isNone()) {
            return ofFold;
        }
        return said.caller() == null ? said.as(caller) : said;
    }

    private List<Folded> marked(List<Frame.Request> requests, int partition, Entry entry) {
        Map<Integer, Integer> left = new HashMap<>();
        requests.forEach(request -> left.merge(request.partition(), 1, Integer::sum));
        Map<Integer, Integer> steps = new HashMap<>();
        List<Folded> folded = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            Frame.Request request = requests.get(i);
            int step = steps.merge(request.partition(), 1, Integer::sum);
            boolean isLast = left.merge(request.partition(), -1, Integer::sum) == 0;
            int done = isLast ? SourceMark.ALL : step;
            folded.add(
                    new Folded(named(request, partition, entry, i), marks(partition, entry, done)));
        }
        return folded;
    }

    private List<SourceMark> marks(int partition, Entry entry, int step) {
        List<SourceMark> marks = new ArrayList<>(1);
        marks.add(new SourceMark(source, partition, entry.position(), step));
        for (SourceMark mark : entry.marks()) {
            if (mark.isOfMerge()) {
                marks.add(new SourceMark(source, partition, mark.position(), step));
            }
        }
        return marks;
    }

    /**
     * The same identity on every member, at every repetition and on both sides of a split, unless
     * the fold gave one: that of the request which made the change, as far as one did.
     */
    private Frame.Request named(Frame.Request request, int partition, Entry entry, int index) {
        if (request.id().isNamed()) {
            return request;
        }
        RequestId id = entry.id();
        LogPosition at = entry.position();
        long sequence = mix(((long) source << Integer.SIZE) | partition);
        sequence = mix(sequence ^ (id.isNone() ? at.epoch().number() : id.origin()));
        sequence = mix(sequence ^ (id.isNone() ? at.epoch().owner() : id.sequence()));
        sequence = mix(sequence ^ (id.isNone() ? at.offset() : 0)) + index;
        return request.named(new RequestId(Reserved.FOLDS, sequence));
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        return (mixed ^ (mixed >>> 29)) + 0x9e3779b97f4a7c15L;
    }

    private void report(Change change, String rule) {
        if (isClosed.getAsBoolean()) {
            return;
        }
        config.events()
                .accept(
                        MeshEvent.of(
                                        MeshEvent.Kind.HANDLER_FAILED,
                                        rule
                                                + "; left out: source="
                                                + sourceName
                                                + "/"
                                                + change.partition()
                                                + " position="
                                                + change.position()
                                                + " key="
                                                + Excerpt.of(change.key()))
                                .service(target.name()));
    }
}
