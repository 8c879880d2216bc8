package io.tuli.reply;

import io.tuli.Member;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.spin.MeshFuture;
import io.tuli.type.TypeOf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a survey has brought, read as a type that has parameters. Stateless. */
public final class TypedAnswers {

    private TypedAnswers() {}

    /** Whose answer is no such type has failed. Cancelled, the survey is given up. */
    public static <R> CompletableFuture<Service.Answers<R>> of(
            CompletableFuture<Service.Answers<Payload>> all, JsonCodec codec, TypeOf<R> type) {
        CompletableFuture<Service.Answers<R>> typed = new MeshFuture<>();
        all.whenComplete(
                (answers, failed) -> {
                    if (failed == null) {
                        typed.complete(read(answers, codec, type));
                    } else {
                        typed.completeExceptionally(failed);
                    }
                });
        typed.whenComplete(
                (answers, failed) -> {
                    if (typed.isCancelled()) {
                        all.cancel(false);
                    }
                });
        return typed;
    }

    @SuppressWarnings("NullAway") // it does not see that the record takes such a map
    private static <R> Service.Answers<R> read(
            Service.Answers<Payload> answers, JsonCodec codec, TypeOf<R> type) {
        Map<Member, @Nullable R> values = new LinkedHashMap<>();
        Map<Member, TuliException> failed = new LinkedHashMap<>(answers.failed());
        answers.values()
                .forEach(
                        (member, payload) -> {
                            try {
                                values.put(member, TypedCall.read(payload, codec, type));
                            } catch (TuliException unreadable) {
                                failed.put(member, unreadable);
                            }
                        });
        return new Service.Answers<>(values, failed, answers.silent());
    }
}
