package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.document.DocumentVerbs;
import io.tuli.document.Verdict;
import io.tuli.error.Excerpt;
import io.tuli.log.Documents;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.RequestDigest;
import io.tuli.protocol.Task;
import io.tuli.protocol.Thrown;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets handlers and built-in verbs decide, and writes what they decided as an entry. A wall:
 * whatever is thrown on the way fails that one request, before anything of it is appended.
 */
public final class RequestDecider {

    /** An entry may hold so many messages of the largest size. */
    private static final int ENTRY_FACTOR = 3;

    private static final String IDLE_TOUCH =
            "touch renews by the duration it says, or by its service's expireAfter:"
                    + " there is neither";

    private final Partition partition;
    private final CoreContext context;
    private final Effects effects;
    private final Overlay overlay;
    private final Conditions conditions;
    private final Lifetimes lifetimes;
    private final DocumentVerbs verbs;
    private final DocumentVerbs.Source source;
    private final Task.Reader timeless;

    /** Of the decision that is made right now. */
    private long moment = Lifetimes.TIMELESS;

    /**
     * @param overlay the documents as they will be once all before is committed
     */
    public RequestDecider(
            Partition partition, CoreContext context, Overlay overlay, Lifetimes lifetimes) {
        this.context = context;
        this.partition = partition;
        this.effects = context.effects();
        this.overlay = overlay;
        this.lifetimes = lifetimes;
        this.conditions = new Conditions(partition, overlay, lifetimes);
        Documents documents = context.documents();
        this.verbs = new DocumentVerbs(documents, context.limits());
        this.timeless = overlay::document;
        this.source = key -> documents.open(lifetimes.document(key, moment));
    }

    /** The moment of a decision that begins now: what it sees, and what it does not any more. */
    long moment() {
        return lifetimes.moment();
    }

    /** Reads documents as they will be once all before is committed. */
    Task.Reader readerAt(long moment) {
        return moment == Lifetimes.TIMELESS ? timeless : key -> lifetimes.document(key, moment);
    }

    /**
     * An entry that may be appended, or why there is none.
     *
     * @param after the documents it leaves, by top-level key
     */
    public record Draft(
            @Nullable Entry entry, Map<String, Payload> after, Decision.@Nullable Fail refusal) {

        static Draft refused(Failure failure, String detail) {
            return new Draft(null, Map.of(), new Decision.Fail(failure, detail));
        }
    }

    /**
     * The handler's decision, unless the document is not the one the request demands; null if it
     * takes longer than this moment.
     */
    @Nullable Decision decide(Task task, long at) {
        Decision.Fail refusal = conditions.refusal(task.request(), at);
        if (refusal != null) {
            return refusal;
        }
        try {
            return effects.host().decide(task);
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    /**
     * What a request makes of a whole document, if the built-in verbs do nothing else for it and no
     * limit is near; else null. What is refused goes the longer way, where it is told why.
     */
    @Nullable Payload replacement(PendingRequest pending) {
        Frame.Request request = pending.request();
        boolean mayBe =
                !pending.isFold()
                        && !partition.spec().keepsBefore()
                        && lifetimes.isTimeless(request.extensions().expiryMillis())
                        && verbs.isReplacement(request.verb(), request.key())
                        && request.body().sizeBytes() + request.key().sizeBytes()
                                <= context.messageBytesMax();
        if (!mayBe) {
            return null;
        }
        Payload value = request.body().isNone() ? Payload.NULL : request.body();
        return !partition.spec().isChecked() || isReadable(request.key().top(), value)
                ? value
                : null;
    }

    private boolean isReadable(String key, Payload document) {
        try {
            return effects.host().unreadable(partition.service(), key, document) == null;
        } catch (Throwable thrown) {
            Thrown.rethrowIfFatal(thrown);
            return false;
        }
    }

    /** What was decided, by the built-in verbs where the handler passed. Never a pass. */
    Decision decided(Frame.Request request, Decision decision, long at) {
        if (!(decision instanceof Decision.Pass)) {
            return decision;
        }
        moment = at;
        try {
            Verdict verdict = verbs.decide(request.verb(), request.key(), request.body(), source);
            return switch (verdict) {
                case Verdict.Allowed allowed ->
                        new Decision.Done(allowed.edits(), List.of(), allowed.reply(), null);
                case Verdict.Refused refused ->
                        new Decision.Fail(refused.failure(), refused.detail());
            };
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    private static Decision.Fail failed(Throwable thrown) {
        Thrown.rethrowIfFatal(thrown);
        return new Decision.Fail(
                Failure.HANDLER_FAILED,
                "what is thrown while a request is decided fails it: " + Thrown.text(thrown));
    }

    /** The entry of a decision, at the end of the changelog. */
    public Draft draft(PendingRequest pending, Decision.Done done, Epoch epoch, long at) {
        try {
            long said = done.expiryMillis();
            if (said == Extensions.UNSAID) {
                said = pending.request().extensions().expiryMillis();
            }
            if (lifetimes.isIdleTouch(done.edits(), said)) {
                return Draft.refused(Failure.BAD_REQUEST, IDLE_TOUCH);
            }
            List<Edit> edits = lifetimes.timed(done.edits(), said, at);
            Map<String, Payload> after = overlay.after(edits);
            Draft refusal = oversize(after);
            if (refusal == null && partition.spec().isChecked()) {
                refusal = unreadable(after);
            }
            if (refusal != null) {
                return refusal;
            }
            Entry entry =
                    new Entry(
                            epoch,
                            partition.endOffset(),
                            partition.nextTime(),
                            pending.request().id(),
                            pending.sender(),
                            RequestDigest.of(pending.request()),
                            edits,
                            done.reply(),
                            pending.marks(),
                            extras(pending, done, edits));
            refusal = oversize(entry);
            return refusal == null ? new Draft(entry, after, null) : refusal;
        } catch (Throwable thrown) {
            return new Draft(null, Map.of(), failed(thrown));
        }
    }

    private Extras extras(PendingRequest pending, Decision.Done done, List<Edit> edits) {
        Extras extras = Extras.of(pending.request().key(), done.events());
        boolean isKept = partition.spec().keepsBefore() && !edits.isEmpty();
        return isKept ? extras.before(overlay.before(edits)) : extras;
    }

    /** What keeps the values before the edits of an owner's own entry, where they are kept. */
    Extras extras(List<Edit> edits) {
        return partition.spec().keepsBefore()
                ? Extras.NONE.before(overlay.before(edits))
                : Extras.NONE;
    }

    Lifetimes lifetimes() {
        return lifetimes;
    }

    /** Merges and what is committed are never refused: no member may differ there. */
    private @Nullable Draft unreadable(Map<String, Payload> after) {
        for (Map.Entry<String, Payload> document : after.entrySet()) {
            Payload value = document.getValue();
            String why =
                    value.isNone()
                            ? null
                            : effects.host()
                                    .unreadable(partition.service(), document.getKey(), value);
            if (why != null) {
                return Draft.refused(
                        Failure.BAD_REQUEST,
                        "a document stays readable as its service's type: key="
                                + Excerpt.of(document.getKey())
                                + " "
                                + why);
            }
        }
        return null;
    }

    private @Nullable Draft oversize(Map<String, Payload> after) {
        int most = context.documentBytesMax();
        for (Map.Entry<String, Payload> document : after.entrySet()) {
            if (document.getValue().sizeBytes() > most) {
                return Draft.refused(
                        Failure.TOO_LARGE,
                        "a document is at most "
                                + most
                                + " bytes: \""
                                + Excerpt.of(document.getKey())
                                + "\" would be "
                                + document.getValue().sizeBytes());
            }
        }
        return null;
    }

    /** One entry must fit one frame of the replication. */
    private @Nullable Draft oversize(Entry entry) {
        int most = ENTRY_FACTOR * context.messageBytesMax();
        if (entry.sizeBytes() <= most || entry.formBytes() <= most) {
            return null;
        }
        return Draft.refused(
                Failure.TOO_LARGE,
                "what one request changes is at most "
                        + most
                        + " bytes, its keys included: "
                        + entry.formBytes());
    }
}
