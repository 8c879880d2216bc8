package io.tuli.node;

import io.tuli.Durable;
import io.tuli.Failure;
import io.tuli.Fold;
import io.tuli.Limits;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import io.tuli.codec.OwnCodec;
import io.tuli.error.Nearest;
import io.tuli.error.Require;
import io.tuli.fold.FoldConfig;
import io.tuli.fold.FoldRunner;
import io.tuli.handler.HandlerRunner;
import io.tuli.loop.FoldInto;
import io.tuli.loop.ReceiptWait;
import io.tuli.loop.ReplicaSource;
import io.tuli.loop.SyncWait;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Thrown;
import io.tuli.service.LocalService;
import io.tuli.service.PartitionerDigest;
import io.tuli.service.SettingsDigest;
import io.tuli.start.Preparation;
import io.tuli.wall.Wall;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins to serve and to use services: agrees with the other members on their settings, opens their
 * partitions on the loops, announces them. Called by users' threads; one at a time.
 */
final class Services {

    /** How long to wait for members that have not said yet what they serve. */
    private static final long HEARING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final NodeContext context;
    private final ServiceEnding ending;
    private final ServiceFacade.Context facades;
    private final LocalService.Context services;
    private final List<Waiting> waitingFolds = new CopyOnWriteArrayList<>();

    Services(NodeContext context) {
        this.context = context;
        this.ending = new ServiceEnding(context, this, this::ended);
        this.facades =
                new ServiceFacade.Context(
                        context.calls(),
                        context.codec(),
                        context.documents(),
                        context.directory()::serving,
                        new SyncWait(context.loops(), context.directory()::whyWaiting),
                        new ReceiptWait(context.loops()),
                        context.publishing(),
                        ending::close,
                        context.setting().drain(),
                        context.memberRequests().tunnels());
        Limits.Groups groups = context.limits().groups();
        this.services =
                new LocalService.Context(
                        context.codec(),
                        context.limits(),
                        (spec, states, loss) ->
                                new ReplicaSource(spec, states, loss, context.loops(), groups),
                        context.listeners(),
                        context.calls().permits(),
                        this::nearest);
    }

    // ---- serve ---------------------------------------------------------------------------------

    <T> Service<T> serve(ServiceConfig<T> config) {
        ending.awaitClosed(config.name());
        return agreed(begin(config, config.isInternal()), config);
    }

    /** The same for this member alone, until it is {@link #announce}d: folds begin then. */
    <T> Service<T> serveHidden(ServiceConfig<T> config) {
        ending.awaitClosed(config.name());
        return new ServiceFacade<>(begin(config, true), config.documentType(), facades);
    }

    /** What this member served for itself alone it serves for all from now on. */
    void announce(String name) {
        LocalService service = shared(name);
        agreed(service, service.config());
    }

    private synchronized LocalService shared(String name) {
        LocalService service = required(name);
        ServiceConfig<?> config = service.config();
        Offer offer = offer(config, config.partitions(), true);
        context.directory().require(offer);
        MemberJournal journal = context.journal();
        if (journal != null && service.spec().isKept()) {
            journal.founded(name);
            context.directory().recovered(name, journal.ring(name));
        }
        context.setting().access().share(name);
        context.directory().share(offer);
        fold(service, config);
        context.directory().reopened(service);
        return service;
    }

    /** Whether somebody serves it, or somebody who is here has kept something of it. */
    boolean isFounded(String name) {
        context.directory().awaitComplete(HEARING_NANOS);
        MemberJournal journal = context.journal();
        return context.directory().roster().isFounded(name)
                || (journal != null && journal.isFounded(name));
    }

    private <T> Service<T> agreed(LocalService service, ServiceConfig<T> config) {
        try {
            context.directory().awaitAgreed(service, HEARING_NANOS);
        } catch (TuliException conflict) {
            waitingFolds.removeIf(waiting -> waiting.into() == service);
            throw conflict;
        }
        return new ServiceFacade<>(service, config.documentType(), facades);
    }

    /**
     * @param isHidden whether nobody else is to hear of it
     */
    private synchronized <T> LocalService begin(ServiceConfig<T> config, boolean isHidden) {
        Preparation.ofThisJvm().forValues(config.type());
        if (!context.self().isServer()) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "a client owns nothing and cannot serve "
                            + config.name()
                            + ": join without client()");
        }
        Require.argument(
                !config.isStateless() || config.hasHandler() || config.tunnelHandler().isPresent(),
                "a stateless service is served with a handler, of messages or tunnels",
                config.name());
        context.directory().awaitComplete(HEARING_NANOS);
        MemberJournal.require(config, context.journal());
        Offer offer = offer(config, config.partitions(), true);
        LocalService known = ending.open(config.name());
        if (isHidden) {
            requireUnknown(config.name(), known);
        }
        context.directory().require(offer);
        ServiceSpec spec = spec(config, config.partitions(), true);
        if (known != null && known.spec().isServed() && !known.isRefused()) {
            throw new TuliException(
                    Failure.CONFLICT, "this member serves " + config.name() + " already");
        }
        requireRoom(config.name(), config.folds().keySet());
        letIn(config, isHidden);
        recover(config, spec, isHidden);
        HandlerRunner<T> handler =
                new HandlerRunner<>(
                        config.isStateless() ? config : config.partitioner(spec.partitioner()),
                        OwnCodec.of(config, context.limits(), context.codec()),
                        context.limits(),
                        context.setting().handlerSlow(),
                        context.handlers());
        LocalService begun =
                known == null ? new LocalService(config, spec, handler, services) : known;
        handler.reads(begun.records());
        LocalService service = known == null ? open(begun) : reopen(known, config, spec, handler);
        if (!isHidden || config.isInternal()) {
            fold(service, config);
        }
        if (isHidden) {
            context.directory().keep(config.name());
        } else {
            context.directory().offer(offer);
        }
        context.directory().reopened(service);
        return service;
    }

    /** What it was in this member's earlier lives, it is. */
    private void recover(ServiceConfig<?> config, ServiceSpec spec, boolean isHidden) {
        MemberJournal journal = context.journal();
        if (journal != null && spec.isKept()) {
            journal.require(
                    spec, PartitionerDigest.of(config.partitioner()) + "/" + config.merge());
            if (!isHidden) {
                context.directory().recovered(config.name(), journal.ring(config.name()));
            }
        }
    }

    /** What is kept in the process is nobody else's, and was not. */
    private void requireUnknown(String name, @Nullable LocalService known) {
        if (known != null || context.directory().roster().rule(name).isPresent()) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "an internal service has a name that nobody else serves, and that this member"
                            + " has not used before: "
                            + name);
        }
    }

    /** Before its partitions are there: nobody comes to them by rules that do not hold yet. */
    private void letIn(ServiceConfig<?> config, boolean isHidden) {
        try {
            context.setting().access().serve(config);
            if (isHidden) {
                context.setting().access().keep(config.name());
            }
        } catch (IllegalArgumentException broken) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "allow of service " + config.name() + " must be right: " + broken.getMessage());
        }
    }

    /**
     * A member announces so many services; more are refused before anything changes.
     *
     * @param sources of folds, each of which is used
     */
    private void requireRoom(String name, Set<String> sources) {
        Set<String> all = new HashSet<>(sources);
        all.add(name);
        context.book().all().forEach(known -> all.add(known.name()));
        if (all.size() > Announcement.OFFERS_MAX) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a member serves and uses at most "
                            + Announcement.OFFERS_MAX
                            + " services, the sources of folds included: "
                            + name
                            + " would make it "
                            + all.size()
                            + "; join another member for it");
        }
    }

    private LocalService open(LocalService service) {
        context.book().add(service);
        context.opener().open(service);
        return service;
    }

    /** What was only used is served from now on: its replica begins anew. */
    private <T> LocalService reopen(
            LocalService known, ServiceConfig<T> config, ServiceSpec spec, HandlerRunner<T> by) {
        if (!known.renew(spec)) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a service has as many partitions where it is used as where it is served: "
                            + config.name()
                            + " used with="
                            + known.spec().partitions()
                            + " served with="
                            + spec.partitions());
        }
        known.serve(config, by);
        context.opener().reopen(known);
        return known;
    }

    // ---- folds ---------------------------------------------------------------------------------

    /** A fold that waits until somebody serves its source. */
    private record Waiting(String source, Fold fold, LocalService into) {}

    private void fold(LocalService service, ServiceConfig<?> config) {
        config.folds()
                .forEach((source, fold) -> waitingFolds.add(new Waiting(source, fold, service)));
        beginFolds();
    }

    private void ended(LocalService service) {
        waitingFolds.removeIf(waiting -> waiting.into() == service);
    }

    /** When others serve more than before. */
    void rosterChanged() {
        if (!waitingFolds.isEmpty()) {
            Thread.ofVirtual().name("tuli-fold-begin").start(this::beginFolds);
        }
    }

    private synchronized void beginFolds() {
        for (Waiting waiting : List.copyOf(waitingFolds)) {
            if (isServed(waiting.source())) {
                beginOrWait(waiting);
            }
        }
    }

    /** What cannot begin now is tried again when others serve more, or less. */
    private void beginOrWait(Waiting fold) {
        try {
            begin(fold);
            waitingFolds.remove(fold);
        } catch (RuntimeException refused) {
            String why = "a fold cannot begin: source=" + fold.source() + " because ";
            context.listeners()
                    .tell(
                            MeshEvent.of(MeshEvent.Kind.SERVICE_REFUSED, why + Thrown.text(refused))
                                    .service(fold.into().name()));
            Wall.log(LOG, why, refused);
        }
    }

    private boolean isServed(String source) {
        boolean isServedHere =
                context.book().find(source).filter(known -> known.spec().isServed()).isPresent();
        return isServedHere || context.directory().roster().rule(source).isPresent();
    }

    private void begin(Waiting fold) {
        LocalService from = usedService(ServiceConfig.of(fold.source(), Object.class), true);
        if (from.spec().isStateless()) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "a stateless service has no changes: " + fold.source());
        }
        LocalService into = fold.into();
        FoldConfig config =
                FoldConfig.of(
                        fold.fold(), into.codec(), services.limits(), context.handlers()::event);
        into.begin(
                new FoldRunner(
                        from.hub(), into.hub(), new FoldInto(into, context.loops()), config));
    }

    // ---- use -----------------------------------------------------------------------------------

    <T> Service<T> use(ServiceConfig<T> config) {
        Preparation.ofThisJvm().forValues(config.type());
        ending.awaitClosed(config.name());
        return new ServiceFacade<>(used(config), config.documentType(), facades);
    }

    private synchronized LocalService used(ServiceConfig<?> config) {
        return usedService(config, false);
    }

    /**
     * The service as this member uses it.
     *
     * @param trusting how its servers place keys does not matter to the user
     */
    private LocalService usedService(ServiceConfig<?> config, boolean trusting) {
        LocalService known = ending.open(config.name());
        if (known != null) {
            return trusting ? replicated(known, config) : placed(replicated(known, config), config);
        }
        context.directory().awaitComplete(HEARING_NANOS);
        Optional<Offer> rule = context.directory().roster().rule(config.name());
        int partitions = rule.map(Offer::partitions).orElse(config.partitions());
        requireRoom(config.name(), Set.of());
        Offer offer = offer(config, partitions, false);
        if (!trusting) {
            context.directory().require(offer);
        }
        LocalService service =
                open(new LocalService(config, spec(config, partitions, false), null, services));
        context.directory().offer(offer);
        context.directory().reopened(service);
        return service;
    }

    private LocalService replicated(LocalService known, ServiceConfig<?> config) {
        if (config.replica() && !known.hasReplica()) {
            known.replicate(config);
            context.opener().open(known);
            context.directory().reopened(known);
        }
        return known;
    }

    /** Who used it before did not say, or did not know, how keys are placed. */
    private LocalService placed(LocalService known, ServiceConfig<?> config) {
        int partitions = known.spec().partitions();
        String placing = PartitionerDigest.of(known.spec().partitioner());
        if (!known.spec().isServed()
                && !placing.equals(PartitionerDigest.of(config.partitioner()))) {
            context.directory().require(offer(config, partitions, false));
            known.place(spec(config, partitions, false));
        }
        return known;
    }

    /** For a message that a handler emitted: no replica is needed for that. */
    LocalService forSending(String name) {
        ending.awaitClosed(name);
        LocalService known = context.book().find(name).orElse(null);
        return known == null ? sentTo(name) : known;
    }

    private synchronized LocalService sentTo(String name) {
        return usedService(ServiceConfig.of(name, Object.class).withoutReplica(), true);
    }

    LocalService required(String name) {
        return context.book()
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

    private static ServiceSpec spec(ServiceConfig<?> config, int partitions, boolean isServed) {
        return new ServiceSpec(
                ServiceSpec.numberOf(config.name()),
                config.name(),
                partitions,
                isServed,
                PartitionerDigest.safe(config.partitioner()),
                config.merge(),
                config.isChecked(),
                config.keepsBefore(),
                config.expiry().map(Extensions::millis).orElse(Extensions.NEVER),
                config.durability().map(Durable::syncMillis).orElse(ServiceSpec.NOT_KEPT));
    }

    /** Servers must agree on all of it; who only uses a service on how its keys are placed. */
    private Offer offer(ServiceConfig<?> config, int partitions, boolean isServed) {
        String placing = PartitionerDigest.of(config.partitioner());
        String digest = SettingsDigest.of(config);
        if (!isServed) {
            Optional<Offer> rule = context.directory().roster().rule(config.name());
            digest =
                    rule.map(Offer::settingsDigest)
                            .filter(theirs -> theirs.startsWith(placing + "/"))
                            .orElse(digest);
        }
        ServiceDescription said = isServed ? config.description() : ServiceDescription.NONE;
        return new Offer(config.name(), partitions, isServed, false, digest, said);
    }

    private String nearest(String name) {
        return Nearest.question(name, context.directory().roster().services());
    }
}
