package io.tuli.reply;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.protocol.Durations;
import io.tuli.spin.LoopThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a survey. */
public final class SurveyWait<R> {

    /** A survey ends by its deadline; a loop that is held up tells so later. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final CompletableFuture<Service.Answers<R>> survey;
    private final long nanos;

    public SurveyWait(CompletableFuture<Service.Answers<R>> survey, Duration within) {
        this.survey = survey;
        this.nanos = Durations.nanos(within);
    }

    /** The answers, see {@link Service#ask}. */
    public Map<Member, @Nullable R> await() {
        Service.Answers<R> all = all();
        if (all.values().isEmpty() && !all.failed().isEmpty()) {
            TuliException first = all.failed().values().iterator().next();
            first.addSuppressed(new TuliException(Failure.UNAVAILABLE, "nobody has answered"));
            throw first;
        }
        return all.values();
    }

    private Service.Answers<R> all() {
        if (!survey.isDone()) {
            LoopThread.requireMayWait("the answers of a survey");
        }
        try {
            return survey.get(Math.addExact(nanos, LATE_NANOS), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            survey.cancel(false);
            Thread.currentThread().interrupt();
            throw new TuliException(
                    Outcome.UNKNOWN, Failure.CANCELLED, "interrupted while it waited for answers");
        } catch (TimeoutException late) {
            survey.cancel(false);
            throw new TuliException(
                    Outcome.UNKNOWN, Failure.TIMEOUT, "the loop of a survey did not answer");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof TuliException known
                    ? known
                    : new TuliException(Outcome.UNKNOWN, Failure.HANDLER_FAILED, failed.toString());
        }
    }
}
