package io.tuli.bridge;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import io.tuli.service.BridgedName;
import io.tuli.spin.LoopThread;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets services and subjects of one mesh be had in another, by a process that is a server of both:
 *
 * <pre>{@code
 * Bridge bridge = Bridge.between(mesh, abroad)
 *         .export(Export.of("resize").as("home.resize").any())
 *         .relay(Relay.of("accounts").subjects("rates.>").as("home.rates"))
 *         .start();
 * }</pre>
 *
 * <p>What is not named does not cross; the other way there is another bridge. Several processes may
 * have the same bridge: a call goes by one of them, and by another where that dies; of what is
 * published, one relays each.
 *
 * <p><b>Calls.</b> Deadlines are kept, and so are outcomes: FAILED says that nothing was executed,
 * UNKNOWN that it may have been. A message has the same id beyond whichever bridge it goes by, so
 * the owner of its key recognises a repeat, as for its own mesh. Callers are remote, see {@link
 * Export#callers}. A message that would come into a mesh it has been in, or through more than five,
 * fails with CONFLICT.
 *
 * <p><b>Subjects.</b> Each publication crosses at most once by each relay there is between two
 * meshes, however many bridges have it, and never into a mesh it has been in. Where two ways lead
 * from one mesh to another by others, it comes by each of them. What is kept as the last of its
 * subject crosses as what is not kept.
 *
 * <p>Thread-safe. Closing it, or either of its members, ends what it serves and relays, after what
 * is under way; neither mesh is closed with it.
 */
public final class Bridge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_NANOS = 2_000_000;

    private final Mesh of;
    private final Mesh in;
    private final Map<String, Service<Void>> served = new LinkedHashMap<>();
    private final List<Relaying> relaying = new ArrayList<>();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Bridge(Mesh of, Mesh in) {
        this.of = of;
        this.in = in;
    }

    /**
     * A bridge that leads from one mesh into another.
     *
     * @param of whose services and subjects are to be had
     * @param in where they are to be had
     * @throws IllegalArgumentException where both have one name, or one member is a client
     */
    public static Plan between(Mesh of, Mesh in) {
        Require.argument(
                !of.name().equals(in.name()),
                "a bridge is between meshes of different names",
                of.name());
        Require.argument(
                of.self().isServer() && in.self().isServer(),
                "a bridge is a server of both meshes: it speaks for others",
                of.self() + " " + in.self());
        return new Plan(of, in);
    }

    /** What a bridge is to do. Not thread-safe; every method but {@link #start} answers this. */
    public static final class Plan {

        private final Mesh of;
        private final Mesh in;
        private final Map<String, Export> exports = new LinkedHashMap<>();
        private final List<Relay> relays = new ArrayList<>();
        private Duration within = STARTED_WITHIN;

        private Plan(Mesh of, Mesh in) {
            this.of = of;
            this.in = in;
        }

        /**
         * A service that is to be had.
         *
         * @throws IllegalArgumentException where another has its name
         */
        public Plan export(Export export) {
            Export before = exports.putIfAbsent(export.name(), export);
            Require.argument(
                    before == null, "exports of a bridge have different names", export.name());
            return this;
        }

        /** Subjects that are to be heard. */
        public Plan relay(Relay relay) {
            relays.add(Objects.requireNonNull(relay));
            return this;
        }

        /** How long the start waits for services that are not served yet; 10 s unless said. */
        public Plan within(Duration other) {
            Require.argument(!other.isNegative(), "a deadline is not negative", other);
            within = other;
            return this;
        }

        /**
         * Begins. Blocks until all of it can be had.
         *
         * @throws TuliException NOT_FOUND where nobody serves what is to be had; CONFLICT where
         *     somebody else serves one of its names in the other mesh. Then nothing of it is left
         * @throws IllegalStateException on an event loop, which must not wait
         */
        public Bridge start() {
            LoopThread.requireMayWait("start of a bridge");
            Bridge bridge = new Bridge(of, in);
            try {
                bridge.begin(this, System.nanoTime() + Durations.nanos(within));
            } catch (RuntimeException | Error failed) {
                bridge.close();
                throw failed;
            }
            return bridge;
        }
    }

    // ---- beginning -----------------------------------------------------------------------------

    private void begin(Plan plan, long deadline) {
        for (Export export : plan.exports.values()) {
            serve(export, source(export.service(), deadline));
        }
        for (Relay relay : plan.relays) {
            Service<Payload> source = source(relay.service(), deadline);
            Relaying one =
                    new Relaying(relay, of.name(), source, in.name(), target(relay, deadline));
            relaying.add(one);
        }
        relaying.forEach(each -> awaitReady(each, deadline));
        of.closed().whenComplete((nothing, failed) -> closeSoon());
        in.closed().whenComplete((nothing, failed) -> closeSoon());
    }

    /** As a member of its mesh uses it, without a replica. */
    private Service<Payload> source(String name, long deadline) {
        awaitServed(of, name, deadline);
        return of.use(ServiceConfig.of(name, Payload.class).withoutReplica());
    }

    private static void awaitServed(Mesh mesh, String name, long deadline) {
        while (mesh.service(name).isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new TuliException(
                        Failure.NOT_FOUND,
                        "a bridge begins when what it leads to is served: mesh="
                                + mesh.name()
                                + " service="
                                + name
                                + "; serve it first, or let the bridge wait longer");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void serve(Export export, Service<Payload> source) {
        Crossing crossing = new Crossing(export, source, in.name(), of.name());
        ServiceConfig<Void> config =
                ServiceConfig.stateless(export.name(), crossing).capacity(export.capacity());
        for (Map.Entry<String, String> rule : export.allowed().entrySet()) {
            config = config.allow(rule.getKey(), rule.getValue());
        }
        serve(config, export.service() + " " + export.whom());
    }

    private Service<?> target(Relay relay, long deadline) {
        Service<Void> known = served.get(relay.name());
        if (known != null) {
            return known;
        }
        if (!relay.isServed()) {
            awaitServed(in, relay.name(), deadline);
            return in.use(ServiceConfig.of(relay.name(), Payload.class).withoutReplica());
        }
        ServiceConfig<Void> config =
                ServiceConfig.stateless(relay.name(), (message, turn) -> turn.pass());
        return serve(config, relay.service());
    }

    private Service<Void> serve(ServiceConfig<Void> config, String what) {
        String form = of.name() + " " + what;
        String others =
                in.service(config.name()).map(BridgedName::of).filter(not(form)).orElse(null);
        if (others != null) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a bridge has its names for itself: mesh="
                            + in.name()
                            + " service="
                            + config.name()
                            + " is served there "
                            + (others.isEmpty() ? "by others" : "by another bridge, of " + others)
                            + "; export it under another name");
        }
        ServiceDescription said = config.description().application("bridge");
        Service<Void> service = in.serve(config.describe(said.option(BridgedName.OPTION, form)));
        served.put(config.name(), service);
        return service;
    }

    private static Predicate<String> not(String form) {
        return other -> !other.equals(form);
    }

    private static void awaitReady(Relaying relay, long deadline) {
        long left = Math.max(1, deadline - System.nanoTime());
        try {
            relay.running().ready().get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            // A member that is there and cannot be reached: it will hear of it when it can be.
            LOG.warn("Not all members of a mesh know yet of a bridge: {}", relay);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CANCELLED, "interrupted while a bridge began");
        } catch (ExecutionException ended) {
            throw ended.getCause() instanceof TuliException cause
                    ? cause
                    : new IllegalStateException(ended.getCause());
        }
    }

    // ---- while it runs -------------------------------------------------------------------------

    /** How many publications it has relayed: by its own count, wanted beyond or not. */
    public long relayed() {
        return relaying.stream().mapToLong(Relaying::crossed).sum();
    }

    /**
     * How many publications came to nothing: on their way to this bridge, because too many came at
     * once, or because they could not be published beyond.
     */
    public long lost() {
        return relaying.stream().mapToLong(Relaying::lost).sum();
    }

    /** Completes when nothing is left of it: because it was closed, or one of its members was. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    // ---- the end -------------------------------------------------------------------------------

    private void closeSoon() {
        Thread.ofVirtual().name("tuli-bridge-close").start(this::close);
    }

    /**
     * Takes no more, and lets what is under way end, as {@link Service#close()} does. Closing twice
     * is harmless.
     */
    @Override
    @SuppressWarnings("NullAway") // a Void is null
    public void close() {
        if (!isClosing.compareAndSet(false, true)) {
            return;
        }
        each(relaying, Relaying::close);
        each(served.values(), Service::close);
        closed.complete(null);
    }

    /** What cannot be closed any more is gone. */
    private static <T> void each(Iterable<? extends T> all, Consumer<? super T> closing) {
        for (T each : all) {
            try {
                closing.accept(each);
            } catch (RuntimeException gone) {
                Wall.log(LOG, "Of a bridge something was gone before it was closed", gone);
            }
        }
    }

    @Override
    public String toString() {
        return "bridge of " + of.name() + " in " + in.name() + " " + served.keySet();
    }
}
