package io.tuli.node;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.loop.MemberRequestHandler;
import io.tuli.protocol.Reserved;
import io.tuli.service.LocalService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What members are asked of a service: how they are with it, and whether any answers at all. */
final class ServiceQuestions {

    private final NodeContext context;
    private final Services services;

    ServiceQuestions(NodeContext context, Services services) {
        this.context = context;
        this.services = services;
    }

    /** Asks every member, and waits for as many as answer in time. */
    List<ServiceReport> reports(String name, Duration within) {
        LocalService service = services.forSending(name);
        Message ask = Message.of(Reserved.REPORT).within(within);
        List<Call<ServiceReport>> calls = new ArrayList<>();
        for (Member member : context.directory().roster().members()) {
            if (isLinked(member)) {
                calls.add(asked(service, member.id(), ask));
            } else {
                context.directory().roster().servers(name).stream()
                        .findFirst()
                        .map(server -> asked(service, server, about(member, ask)))
                        .ifPresent(calls::add);
            }
        }
        return calls.stream()
                .map(ServiceQuestions::answerOf)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(report -> report.member().name()))
                .toList();
    }

    String whyWaiting(String name) {
        return context.book().find(name).map(context.directory()::whyWaiting).orElse("");
    }

    /** Whether one of its servers answers. */
    CompletableFuture<Boolean> isAnswering(String name, Duration within) {
        List<MemberId> servers = context.directory().roster().servers(name);
        LocalService service = context.book().find(name).orElse(null);
        if (service == null || servers.contains(context.self().id())) {
            return CompletableFuture.completedFuture(service != null);
        }
        Message ask = Message.of(Reserved.ALIVE).within(within);
        CompletableFuture<Boolean> any = new CompletableFuture<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (MemberId server : servers) {
            all.add(
                    context.calls()
                            .toMember(service, server, ask, Void.class)
                            .reply()
                            .handle((nothing, failed) -> failed == null && any.complete(true)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenRun(() -> any.complete(false));
        return any;
    }

    private Call<ServiceReport> asked(LocalService service, MemberId member, Message ask) {
        return context.calls().toMember(service, member, ask, ServiceReport.class);
    }

    private static Message about(Member member, Message ask) {
        return ask.header(MemberRequestHandler.ABOUT, member.id().toString());
    }

    /** Two clients have no link: a server is asked what the other says. */
    private boolean isLinked(Member member) {
        return member.id().equals(context.self().id())
                || member.isServer()
                || context.self().isServer();
    }

    private static @Nullable ServiceReport answerOf(Call<ServiceReport> call) {
        try {
            return call.reply().join();
        } catch (java.util.concurrent.CompletionException unanswered) {
            if (unanswered.getCause() instanceof TuliException failed
                    && failed.failure() == Failure.NOT_AUTHORISED) {
                throw new TuliException(
                        Failure.NOT_AUTHORISED,
                        "reports are for operators: join with role=operator, if your credentials"
                                + " are for that; "
                                + failed.getMessage());
            }
            return null;
        }
    }
}
