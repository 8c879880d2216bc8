package io.tuli.connect;

import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.loop.MemberParts;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins to serve a connected service at one member: founds it, or has it from others. One thread,
 * once.
 *
 * <p>A service is filled while nobody else hears of it, and then announced: so nobody sees half of
 * what is restored, and if the founder dies, all of it is gone.
 */
final class Founder<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Founder.class);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Mesh mesh;
    private final MemberParts parts;
    private final ServiceConfig<T> config;
    private final Terms terms;
    private final String name;
    private final AtomicBoolean isRestoring = new AtomicBoolean();
    private final long endNanos;

    Founder(Mesh mesh, ServiceConfig<T> config, Terms terms) {
        this.mesh = mesh;
        this.parts = (MemberParts) mesh;
        this.config = config;
        this.terms = terms;
        this.name = config.name();
        this.endNanos = System.nanoTime() + Durations.nanos(terms.within());
    }

    Connected<T> serve() {
        Store store = new Store(mesh, name, terms);
        Founding founding = null;
        try {
            founding = Founding.open(mesh, name);
            return connected(store, founding);
        } catch (CancellationException late) {
            throw new TuliException(
                    Outcome.FAILED,
                    Failure.UNAVAILABLE,
                    "a store must answer within "
                            + terms.within().toSeconds()
                            + " s, or the service is not served: service="
                            + name
                            + " "
                            + late.getMessage());
        } finally {
            if (founding == null || !isServed) {
                store.close();
                if (founding != null) {
                    founding.close();
                }
            }
        }
    }

    private boolean isServed;

    private Connected<T> connected(Store store, Founding founding) {
        boolean isFounder = false;
        Service<T> service = null;
        while (service == null) {
            switch (founding.ask()) {
                case JOIN -> service = joined(store, founding);
                case FOUND -> {
                    service = founded(store, founding);
                    isFounder = service != null;
                }
                case WAIT -> awaitAnother(store);
            }
        }
        Sink sink = terms.sink();
        Replay replay =
                sink == null ? null : new Replay(mesh, service, terms, sink, store, founding);
        Connected<T> connected = new Connected<>(service, store, founding, replay, isFounder);
        connected.leavesWith(parts.onLeaving(connected::memberLeaves));
        if (replay != null) {
            replay.start();
        }
        isServed = true;
        return connected;
    }

    private void awaitAnother(Store store) {
        if (System.nanoTime() - endNanos >= 0) {
            throw new CancellationException("another member has it, and it is not served yet");
        }
        store.rest(AGAIN);
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the thread was interrupted");
        }
    }

    /** Null where it is not seen yet that others serve it: then it would begin empty. */
    private @Nullable Service<T> joined(Store store, Founding founding) {
        if (!parts.isFounded(name)) {
            awaitAnother(store);
            return null;
        }
        Service<T> service = mesh.serve(config);
        try {
            service.awaitSync(left());
            founding.joined();
        } catch (RuntimeException late) {
            service.close();
            throw late;
        }
        return service;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
    }

    // ---- founding ------------------------------------------------------------------------------

    private Service<T> founded(Store store, Founding founding) {
        try {
            if (!parts.isFounded(name)) {
                store.rest(terms.foundAfter());
            }
            Source source = terms.source();
            if (source == null || parts.isFounded(name)) {
                return begun(store, founding);
            }
            return restored(source, store, founding);
        } catch (RuntimeException failed) {
            try {
                founding.gaveUp();
            } catch (RuntimeException gone) {
                failed.addSuppressed(gone);
            }
            throw failed;
        }
    }

    /** Nothing is to be restored: it begins empty, or somebody has it on disk, or serves it. */
    private Service<T> begun(Store store, Founding founding) {
        boolean isNew = !parts.isFounded(name);
        long life = isNew ? newLife(store, Map.of()) : lastLife(store);
        Service<T> service = mesh.serve(config);
        try {
            founding.founded(life);
            service.awaitSync(left());
        } catch (RuntimeException failed) {
            service.close();
            throw failed;
        }
        return service;
    }

    private Service<T> restored(Source source, Store store, Founding founding) {
        Service<T> service = parts.serveHidden(hidden());
        try {
            isRestoring.set(true);
            service.awaitSync(left());
            long documents = asked(store, () -> load(source, service, store.watch()));
            isRestoring.set(false);
            Map<Integer, LogPosition> ends = terms.isOneStore() ? ends() : Map.of();
            long life = newLife(store, ends);
            if (!(terms.sink() instanceof TransactionalSink)) {
                Map<Integer, Place> places = new HashMap<>();
                ends.forEach((p, end) -> places.put(p, new Place(io.tuli.Epoch.ZERO, end, end)));
                founding.keep(places);
            }
            parts.announce(name);
            founding.founded(life);
            LOG.info("A service is restored: service={} documents={}", name, documents);
            return service;
        } catch (RuntimeException failed) {
            service.close();
            throw failed;
        }
    }

    /** What is restored is no request: the handler is not asked. */
    private ServiceConfig<T> hidden() {
        if (!config.hasHandler()) {
            return config;
        }
        Handler<T> handler = config.handler();
        return config.handler(
                (message, turn) -> isRestoring.get() ? turn.pass() : handler.handle(message, turn));
    }

    private static Long load(Source source, Service<?> into, Watch watch) throws Exception {
        Loading loading = new Loading(into, watch);
        source.restore(loading);
        return loading.finish();
    }

    /** Where its partitions end: nobody writes yet. */
    private Map<Integer, LogPosition> ends() {
        Map<Integer, LogPosition> ends = new HashMap<>();
        mesh.report(name).partitions().forEach(each -> ends.put(each.partition(), each.end()));
        return ends;
    }

    private long newLife(Store store, Map<Integer, LogPosition> ends) {
        return terms.sink() instanceof TransactionalSink exact
                ? asked(store, () -> exact.found(name, ends))
                : 0;
    }

    private long lastLife(Store store) {
        if (!(terms.sink() instanceof TransactionalSink exact)) {
            return 0;
        }
        long life = asked(store, () -> exact.life(name));
        return life == 0 ? newLife(store, Map.of()) : life;
    }

    private <R> R asked(Store store, java.util.concurrent.Callable<R> question) {
        try {
            return store.ask(question, endNanos);
        } catch (FencedException never) {
            throw new IllegalStateException("nobody owns anything yet", never);
        }
    }
}
