package io.tuli.call;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A call that writes down what it is told. */
final class RecordedCall extends Outgoing {

    static final int SERVICE = 7;
    static final int PARTITION = 3;

    final List<String> told = new ArrayList<>();

    boolean isStreamWanted = true;
    String detail = "";

    private RecordedCall(CallSpec spec) {
        this(spec, spec.member() == null ? PARTITION : -1);
    }

    private RecordedCall(CallSpec spec, int partition) {
        super(spec);
        partition(partition);
    }

    /** To whichever server. */
    static RecordedCall any(long id, long deadlineNanos) {
        return new RecordedCall(spec(id, deadlineNanos, false, true, null, Key.NONE), -1);
    }

    static RecordedCall anyAtMostOnce(long id, long deadlineNanos) {
        return new RecordedCall(spec(id, deadlineNanos, false, false, null, Key.NONE), -1);
    }

    static RecordedCall anyFailingFast(long id, long deadlineNanos) {
        return anyFailingFast(Choice.ANY, id, deadlineNanos);
    }

    static RecordedCall anyFailingFast(Choice choice, long id, long deadlineNanos) {
        CallSpec patient = spec(id, deadlineNanos, false, true, null, Key.NONE);
        return new RecordedCall(
                new CallSpec(
                                patient.service(),
                                null,
                                patient.id(),
                                false,
                                true,
                                true,
                                deadlineNanos,
                                patient.commit(),
                                patient.verb(),
                                patient.key(),
                                patient.body(),
                                patient.headers(),
                                patient.extensions())
                        .to(choice),
                -1);
    }

    /** To whichever server of those. */
    static RecordedCall any(Choice choice, long id, long deadlineNanos) {
        return new RecordedCall(
                spec(id, deadlineNanos, false, true, null, Key.NONE).to(choice), -1);
    }

    static RecordedCall of(long id, long deadlineNanos) {
        return of(id, deadlineNanos, true, null);
    }

    static RecordedCall atMostOnce(long id, long deadlineNanos) {
        return of(id, deadlineNanos, false, null);
    }

    /** Of an id that others may use, too. */
    static RecordedCall named(long id, long deadlineNanos) {
        return new RecordedCall(spec(id, deadlineNanos, true, true, null, Key.of("k")));
    }

    static RecordedCall askOf(MemberId member, long deadlineNanos) {
        return of(1, deadlineNanos, true, member);
    }

    static RecordedCall at(Key key, long deadlineNanos) {
        return of(1, deadlineNanos, true, null, key);
    }

    private static RecordedCall of(
            long id, long deadlineNanos, boolean repeatable, @Nullable MemberId member) {
        return of(id, deadlineNanos, repeatable, member, Key.of("k"));
    }

    private static RecordedCall of(
            long id, long deadlineNanos, boolean repeatable, @Nullable MemberId member, Key key) {
        return new RecordedCall(spec(id, deadlineNanos, false, repeatable, member, key));
    }

    private static CallSpec spec(
            long id,
            long deadlineNanos,
            boolean isNamed,
            boolean isRepeatable,
            @Nullable MemberId member,
            Key key) {
        return new CallSpec(
                SERVICE,
                member,
                new RequestId(1, id),
                isNamed,
                isRepeatable,
                false,
                deadlineNanos,
                Commit.safe(),
                "update",
                key,
                Payload.json("1"),
                new TreeMap<>(),
                Extensions.NONE);
    }

    @Override
    protected void onAccepted() {
        told.add("accepted");
    }

    @Override
    protected void onCommitted(LogPosition position, int copies, int disks) {
        told.add("committed " + copies);
    }

    @Override
    protected void onReply(Payload body) {
        told.add("reply " + body);
    }

    @Override
    protected void onStream() {
        told.add("stream");
    }

    @Override
    protected void onItem(long index, Payload body) {
        told.add("item " + index + " " + body);
    }

    @Override
    protected boolean isStreamWanted() {
        return isStreamWanted;
    }

    @Override
    protected void onEnd() {
        told.add("end");
    }

    @Override
    protected void onFailed(Outcome outcome, Failure failure, String why, Payload body) {
        told.add(outcome + " " + failure);
        detail = why;
    }

    /** The answer 1 to a call. */
    static Frame.Result ok(Outgoing call) {
        return new Frame.Result(
                call.number(),
                Outcome.OK,
                null,
                "",
                LogPosition.START,
                0,
                false,
                Payload.json("1"));
    }
}
