package io.tuli.reply;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.call.SurveyTally;
import io.tuli.call.SurveyTally.Became;
import io.tuli.protocol.Thrown;
import io.tuli.spin.MeshFuture;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One message to many members: gathers what becomes of each. Its calls end by their deadline, and
 * so does it. Thread-safe; what ends a call is told on its loop, or where it was made.
 */
public final class SurveyAnswers<R> {

    private final Map<MemberId, Member> members = new LinkedHashMap<>();
    private final Map<MemberId, PendingCall<R>> calls = new LinkedHashMap<>();
    private final CompletableFuture<Service.Answers<R>> whole = new MeshFuture<>();

    // Guarded by this.

    private final Map<MemberId, @Nullable R> values = new LinkedHashMap<>();
    private final Map<MemberId, TuliException> failures = new LinkedHashMap<>();
    private final SurveyTally tally;
    private boolean isTold;

    /**
     * Of calls that were sent.
     *
     * @param wanted ends it when so many have answered
     * @param bytesMost of all answers together
     */
    public SurveyAnswers(Map<Member, PendingCall<R>> sent, int wanted, long bytesMost) {
        sent.forEach(
                (member, call) -> {
                    members.put(member.id(), member);
                    calls.put(member.id(), call);
                });
        this.tally = new SurveyTally(calls.keySet(), wanted, bytesMost);
    }

    /** Begins to gather. */
    public CompletableFuture<Service.Answers<R>> gather() {
        calls.forEach(
                (member, call) ->
                        call.reply()
                                .whenComplete(
                                        (value, failed) -> ended(member, call, value, failed)));
        tellIfOver();
        whole.whenComplete(
                (answers, failed) -> {
                    if (failed != null) {
                        calls.values().forEach(PendingCall::cancel);
                    }
                });
        return whole;
    }

    private void ended(
            MemberId member, PendingCall<R> call, @Nullable R value, @Nullable Throwable failed) {
        synchronized (this) {
            if (failed == null) {
                answered(member, call.replyBytes(), value);
            } else {
                TuliException why = known(failed);
                if (tally.failed(member, why.failure())) {
                    failures.put(member, why);
                }
            }
        }
        tellIfOver();
    }

    private void answered(MemberId member, int sizeBytes, @Nullable R value) {
        boolean isWaitedFor = !tally.isOver();
        if (tally.answered(member, sizeBytes)) {
            values.put(member, value);
        } else if (isWaitedFor) {
            failures.put(
                    member,
                    new TuliException(
                            Outcome.OK,
                            Failure.TOO_LARGE,
                            "all answers of a survey have so many bytes at most, this one finds no"
                                    + " room: bytes="
                                    + sizeBytes));
        }
    }

    private static TuliException known(Throwable failed) {
        Throwable why = failed instanceof CompletionException ? failed.getCause() : failed;
        return why instanceof TuliException known
                ? known
                : new TuliException(Outcome.UNKNOWN, Failure.HANDLER_FAILED, Thrown.text(failed));
    }

    private void tellIfOver() {
        Service.Answers<R> answers = null;
        synchronized (this) {
            if (tally.isOver() && !isTold) {
                isTold = true;
                answers = answers();
            }
        }
        if (answers != null) {
            calls.values().forEach(call -> cancelUnlessEnded(call));
            whole.complete(answers);
        }
    }

    private static void cancelUnlessEnded(PendingCall<?> call) {
        if (!call.hasEnded()) {
            call.cancel();
        }
    }

    @SuppressWarnings("NullAway") // it does not see that the record takes such a map
    private Service.Answers<R> answers() {
        Map<Member, @Nullable R> answered = new LinkedHashMap<>();
        Map<Member, TuliException> failed = new LinkedHashMap<>();
        Set<Member> silent = new LinkedHashSet<>();
        members.forEach(
                (id, member) -> {
                    if (values.containsKey(id)) {
                        answered.put(member, values.get(id));
                    }
                });
        for (MemberId id : tally.of(Became.FAILED)) {
            failed.put(members.get(id), failures.get(id));
        }
        for (MemberId id : tally.of(Became.SILENT)) {
            silent.add(members.get(id));
        }
        return new Service.Answers<>(answered, failed, silent);
    }
}
