package io.tuli.reply;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.error.Excerpt;
import io.tuli.spin.MeshFuture;
import io.tuli.type.TypeOf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A call whose answers are read as a type that has parameters. Thread-safe. */
public final class TypedCall<R> implements Call<R> {

    private final Call<Payload> call;
    private final JsonCodec codec;
    private final TypeOf<R> type;

    public TypedCall(Call<Payload> call, JsonCodec codec, TypeOf<R> type) {
        this.call = call;
        this.codec = codec;
        this.type = type;
    }

    /**
     * An answer as it is asked for.
     *
     * @throws TuliException of outcome OK where it is no such thing: the request was executed
     */
    public static <R> @Nullable R read(@Nullable Payload answer, JsonCodec codec, TypeOf<R> type) {
        try {
            return answer == null ? null : codec.decode(answer, type);
        } catch (TuliException unreadable) {
            throw new TuliException(
                    Outcome.OK,
                    Failure.BAD_REQUEST,
                    Excerpt.detail(
                            "executed, but its reply cannot be read as "
                                    + type
                                    + ": "
                                    + unreadable.getMessage()));
        }
    }

    private @Nullable R read(@Nullable Payload answer) {
        return read(answer, codec, type);
    }

    @Override
    public RequestId id() {
        return call.id();
    }

    @Override
    public CompletableFuture<Void> accepted() {
        return call.accepted();
    }

    @Override
    public CompletableFuture<Receipt> committed() {
        return call.committed();
    }

    @Override
    public CompletableFuture<@Nullable R> reply() {
        CompletableFuture<@Nullable R> typed = new MeshFuture<>();
        call.reply()
                .whenComplete(
                        (answer, failed) -> {
                            if (failed != null) {
                                typed.completeExceptionally(failed);
                                return;
                            }
                            try {
                                typed.complete(read(answer));
                            } catch (TuliException unreadable) {
                                typed.completeExceptionally(unreadable);
                            }
                        });
        return typed;
    }

    @Override
    public @Nullable R await() {
        return read(call.await());
    }

    @Override
    public Flow.Publisher<R> replies() {
        Flow.Publisher<Payload> replies = call.replies();
        return subscriber -> replies.subscribe(new Reading(subscriber));
    }

    @Override
    public void cancel() {
        call.cancel();
    }

    @Override
    public String toString() {
        return call.toString();
    }

    /** Reads each item; the first that cannot be read ends the stream. */
    private final class Reading implements Flow.Subscriber<Payload> {

        private final Flow.Subscriber<? super R> subscriber;
        private Flow.@Nullable Subscription subscription;
        private boolean hasEnded;

        Reading(Flow.Subscriber<? super R> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscriber.onSubscribe(given);
        }

        @Override
        public void onNext(Payload item) {
            if (hasEnded) {
                return;
            }
            R value;
            try {
                value = read(item);
            } catch (TuliException unreadable) {
                fail(unreadable);
                return;
            }
            if (value == null) {
                fail(new TuliException(Outcome.OK, Failure.BAD_REQUEST, "an item is null"));
            } else {
                subscriber.onNext(value);
            }
        }

        private void fail(TuliException why) {
            Flow.Subscription given = subscription;
            if (given != null) {
                given.cancel();
            }
            onError(why);
        }

        @Override
        public void onError(Throwable why) {
            if (!hasEnded) {
                hasEnded = true;
                subscriber.onError(why);
            }
        }

        @Override
        public void onComplete() {
            if (!hasEnded) {
                hasEnded = true;
                subscriber.onComplete();
            }
        }
    }
}
