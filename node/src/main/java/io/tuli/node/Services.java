package io.tuli.node;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Fold;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Nearest;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.feed.FoldConfig;
import io.tuli.feed.FoldRunner;
import io.tuli.handler.HandlerRunner;
import io.tuli.membership.Offer;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Begins to serve and to use services: agrees with the other members on their settings, opens their
 * partitions on the loops, announces them. Called by users' threads; one at a time.
 */
final class Services {

    /** How long to wait for members that have not said yet what they serve. */
    private static final long HEARING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Organs organs;
    private final ServiceFacade.Surroundings surroundings;
    private final LocalService.Around around;

    Services(Organs organs) {
        this.organs = organs;
        this.surroundings =
                new ServiceFacade.Surroundings(
                        organs.calls(),
                        organs.codec(),
                        organs.documents(),
                        organs.directory()::servers,
                        new SyncWait(organs.loops()));
        this.around =
                new LocalService.Around(
                        organs.codec(),
                        organs.limits(),
                        organs.loops(),
                        organs.listeners(),
                        this::nearest);
    }

    // ---- serve ---------------------------------------------------------------------------------

    synchronized <T> Service<T> serve(ServiceConfig<T> config) {
        if (!organs.self().isServer()) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "a client owns nothing and cannot serve "
                            + config.name()
                            + ": join without client()");
        }
        organs.directory().awaitComplete(HEARING_NANOS);
        Offer offer = offer(config, true);
        organs.directory().require(offer);
        ServiceSpec spec = spec(config, true);
        LocalService known = organs.book().find(config.name()).orElse(null);
        if (known != null && known.spec().isServed()) {
            throw new TuliException(
                    Failure.CONFLICT, "this member serves " + config.name() + " already");
        }
        HandlerRunner<T> handler =
                new HandlerRunner<>(
                        config,
                        organs.codec(),
                        organs.limits(),
                        organs.setting().handlerSlow(),
                        organs.handlers());
        LocalService service;
        if (known == null) {
            service = open(new LocalService(config, spec, handler, around));
        } else {
            service = reopen(known, config, spec, handler);
        }
        organs.directory().offer(offer);
        organs.directory().reopened(service);
        config.folds().forEach((source, fold) -> begin(source, fold, service));
        return new ServiceFacade<>(service, config.type(), surroundings);
    }

    private void begin(String source, Fold fold, LocalService into) {
        LocalService from = usedService(ServiceConfig.of(source, Object.class));
        FoldConfig config =
                FoldConfig.of(fold, organs.codec(), organs.codec(), organs.handlers()::event);
        into.begin(
                new FoldRunner(
                        from.feeds(), into.feeds(), new FoldInto(into, organs.loops()), config));
    }

    private LocalService open(LocalService service) {
        organs.book().add(service);
        if (service.hasReplica()) {
            openOnLoops(service);
        }
        return service;
    }

    /** What was only used is served from now on: its replica begins anew. */
    private <T> LocalService reopen(
            LocalService known, ServiceConfig<T> config, ServiceSpec spec, HandlerRunner<T> by) {
        if (known.spec().partitions() != spec.partitions()) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a service has as many partitions where it is used as where it is served: "
                            + config.name()
                            + " used with="
                            + known.spec().partitions()
                            + " served with="
                            + spec.partitions());
        }
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (NodeLoop loop : organs.loops().all()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.post(
                    () -> {
                        loop.core().close(known.number());
                        done.complete(null);
                    });
            closed.add(done);
        }
        closed.forEach(done -> done.orTimeout(5, TimeUnit.SECONDS).join());
        known.serve(config, spec, by);
        openOnLoops(known);
        return known;
    }

    private void openOnLoops(LocalService service) {
        Loops loops = organs.loops();
        for (NodeLoop loop : loops.all()) {
            loop.post(
                    () ->
                            loop.core()
                                    .open(
                                            service.spec(),
                                            partition ->
                                                    loops.indexOf(service.number(), partition)
                                                            == loop.index(),
                                            service::state));
        }
    }

    // ---- use -----------------------------------------------------------------------------------

    synchronized <T> Service<T> use(ServiceConfig<T> config) {
        return new ServiceFacade<>(usedService(config), config.type(), surroundings);
    }

    private LocalService usedService(ServiceConfig<?> config) {
        LocalService known = organs.book().find(config.name()).orElse(null);
        if (known != null) {
            if (config.replica() && !known.hasReplica()) {
                known.replicate(config.partitions(known.spec().partitions()));
                openOnLoops(known);
                organs.directory().reopened(known);
            }
            return known;
        }
        organs.directory().awaitComplete(HEARING_NANOS);
        ServiceConfig<?> agreed = asAnnounced(config);
        Offer offer = offer(agreed, false);
        organs.directory().require(offer);
        LocalService service = open(new LocalService(agreed, spec(agreed, false), null, around));
        organs.directory().offer(offer);
        organs.directory().reopened(service);
        return service;
    }

    /** Who only uses a service takes its number of partitions from those who serve it. */
    private ServiceConfig<?> asAnnounced(ServiceConfig<?> config) {
        Optional<Offer> rule = organs.directory().announced(config.name());
        return rule.isPresent() ? config.partitions(rule.get().partitions()) : config;
    }

    /** For a message that a handler emitted: no replica is needed for that. */
    LocalService forSending(String name) {
        LocalService known = organs.book().find(name).orElse(null);
        return known == null ? sentTo(name) : known;
    }

    private synchronized LocalService sentTo(String name) {
        return usedService(ServiceConfig.of(name, Object.class).withoutReplica());
    }

    LocalService required(String name) {
        return organs.book()
                .find(name)
                .orElseThrow(
                        () ->
                                new TuliException(
                                        Failure.NOT_FOUND,
                                        "this member neither serves nor uses \""
                                                + name
                                                + "\""
                                                + nearest(name)));
    }

    // ---- agreeing ------------------------------------------------------------------------------

    private static ServiceSpec spec(ServiceConfig<?> config, boolean isServed) {
        return new ServiceSpec(
                ServiceSpec.numberOf(config.name()),
                config.name(),
                config.partitions(),
                isServed,
                config.partitioner(),
                config.merge());
    }

    private static Offer offer(ServiceConfig<?> config, boolean isServed) {
        String placing = Placing.of(config.partitioner()) + mergeOf(config);
        return new Offer(config.name(), config.partitions(), isServed, false, placing);
    }

    /** Nothing for the default, so that who only uses a service need not know its policy. */
    private static String mergeOf(ServiceConfig<?> config) {
        MergePolicy merge = config.merge();
        return merge == MergePolicy.LAST_WRITE_WINS ? "" : "/" + merge.name();
    }

    private String nearest(String name) {
        return Nearest.question(name, organs.directory().serviceNames());
    }

    // ---- reports -------------------------------------------------------------------------------

    /** Asks every member, and waits for as many as answer in time. */
    List<ServiceReport> reports(String name, Duration within) {
        LocalService service = forSending(name);
        Message ask = Message.of(Reserved.REPORT).within(within);
        List<Call<ServiceReport>> calls = new ArrayList<>();
        for (Member member : organs.directory().roster().members()) {
            if (isLinked(member)) {
                calls.add(asked(service, member.id(), ask));
            } else {
                organs.directory().servers(name).stream()
                        .findFirst()
                        .map(server -> asked(service, server, about(member, ask)))
                        .ifPresent(calls::add);
            }
        }
        return calls.stream()
                .map(Services::answerOf)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(report -> report.member().name()))
                .toList();
    }

    private Call<ServiceReport> asked(LocalService service, MemberId member, Message ask) {
        return organs.calls().toMember(service, member, ask, ServiceReport.class);
    }

    private static Message about(Member member, Message ask) {
        return ask.header(Visitors.ABOUT, member.id().toString());
    }

    /** Two clients have no link: a server is asked what the other says. */
    private boolean isLinked(Member member) {
        return member.id().equals(organs.self().id())
                || member.isServer()
                || organs.self().isServer();
    }

    private static @Nullable ServiceReport answerOf(Call<ServiceReport> call) {
        try {
            return call.reply().join();
        } catch (java.util.concurrent.CompletionException unanswered) {
            return null;
        }
    }
}
