package io.tuli.bridge;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Member;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends on what comes for one export, and answers with what comes of it. Thread-safe; nothing waits
 * here. A repeat of a message has the same id beyond, whichever bridge it comes by: where that is
 * executed once under its id, it is executed once.
 */
final class Crossing implements Handler<Void> {

    /** The meshes a message has come through, by name. */
    static final String VIA = "bridge.via";

    /** So many meshes at most. */
    static final int MESHES_MOST = 5;

    private final Export export;
    private final Service<Payload> service;
    private final String here;
    private final String beyond;

    /**
     * For an export.
     *
     * @param service as a member beyond uses it
     * @param here the mesh where messages come from
     * @param beyond the mesh they go into
     */
    Crossing(Export export, Service<Payload> service, String here, String beyond) {
        this.export = export;
        this.service = service;
        this.here = here;
        this.beyond = beyond;
    }

    @Override
    public Object handle(Message message, Turn<Void> turn) {
        if (!export.lets(message.verb())) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "405 method not allowed: the bridge lets other verbs cross, and not "
                            + message.verb());
        }
        Message on = crossed(message);
        return switch (export.whom()) {
            case OWNER -> answer(service.send(on, Payload.class), message);
            case ANY -> answer(service.any().send(on, Payload.class), message);
            case ALL -> surveyed(on);
        };
    }

    private Object answer(Call<Payload> call, Message message) {
        return export.isStream(message.verb()) ? call.replies() : call.reply();
    }

    private CompletableFuture<Map<String, Object>> surveyed(Message on) {
        return service.all().answers(on, Object.class).thenApply(Crossing::told);
    }

    private static Map<String, Object> told(Service.Answers<Object> answers) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        answers.values().forEach((member, value) -> values.put(id(member), value));
        Map<String, String> failed = new LinkedHashMap<>();
        answers.failed().forEach((member, why) -> failed.put(id(member), why.failure().name()));
        List<String> silent = answers.silent().stream().map(Crossing::id).toList();
        return Map.of("values", values, "failed", failed, "silent", silent);
    }

    /** Where a member is, and how it is called, stays in its mesh. */
    private static String id(Member member) {
        return member.id().toString();
    }

    private Message crossed(Message message) {
        String via = via(message);
        Message on =
                Message.of(message.verb(), message.body())
                        .key(message.key())
                        .id(idOf(message))
                        .as(Callers.remote(export.callers().apply(message.caller())));
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            on = on.header(header.getKey(), header.getValue());
        }
        on = on.header(VIA, via);
        on = message.within().isPresent() ? on.within(message.within().get()) : on;
        return export.isRepeatable() ? on : on.atMostOnce();
    }

    private RequestId idOf(Message message) {
        return RequestId.named("bridge/" + here + "/" + export.name() + "/" + message.id());
    }

    private String via(Message message) {
        String before = message.headers().getOrDefault(VIA, "");
        List<String> meshes = before.isEmpty() ? List.of() : List.of(before.split(",", -1));
        if (meshes.contains(beyond) || meshes.size() >= MESHES_MOST) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a message crosses a mesh once, and "
                            + MESHES_MOST
                            + " at most: into="
                            + beyond
                            + " via="
                            + before
                            + "; bridges lead in a circle");
        }
        return before.isEmpty() ? here : before + "," + here;
    }
}
