package io.tuli.invoke;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.loop.MemberParts;
import io.tuli.protocol.Thrown;
import io.tuli.wall.Wall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which services are exposed under which paths, as they come and go: what was not named is not
 * there, and what nobody serves is not there, either. Any thread reads; one at a time looks at what
 * has changed.
 */
public final class Exposures implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Exposures.class);

    /** Told what comes and goes: in order, one after the other, on a thread that may wait. */
    public interface Listener {

        void appeared(Exposed exposed);

        void gone(Exposed exposed);
    }

    private final Mesh mesh;
    private final MemberParts parts;

    /** What was named, by path. */
    private final Map<String, Exposing> named;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Wall wall = new Wall("a listener to exposed services");
    private final Semaphore looking = new Semaphore(1);
    private final AtomicBoolean isStale = new AtomicBoolean();
    private final Map<String, Exposed> used = new HashMap<>();
    private volatile Map<String, Exposed> present = Map.of();
    private volatile Map<String, String> refused = Map.of();
    private @Nullable AutoCloseable news;

    /**
     * Nothing is exposed before {@link #start}.
     *
     * @param mesh made by {@code Tuli.join}
     * @param named services by path
     */
    public Exposures(Mesh mesh, Map<String, Exposing> named) {
        this.mesh = mesh;
        this.parts = (MemberParts) mesh;
        this.named = Collections.unmodifiableMap(new TreeMap<>(named));
    }

    /** Exposes what is served now, and goes on to look. May block. */
    public void start() {
        news = parts.onRoster(this::changed);
        isStale.set(true);
        looking.acquireUninterruptibly();
        lookWhileStale();
    }

    // ---- any thread ----------------------------------------------------------------------------

    /** The service at exactly this path; empty where nobody serves it now, or it was not named. */
    public Optional<Exposed> find(String path) {
        return Optional.ofNullable(present.get(path))
                .filter(each -> !parts.isClosed(each.service()));
    }

    /** Why a service that is served cannot be used here; null where there is no such reason. */
    @Nullable String refusal(String path) {
        return refused.get(path);
    }

    /** Those that are served now, by path. */
    public List<Exposed> all() {
        return List.copyOf(present.values());
    }

    /** What was named, by path. */
    public Map<String, Exposing> named() {
        return named;
    }

    /**
     * Tells what comes and goes from now on, beginning with what is there.
     *
     * @return close it to hear no more
     */
    public AutoCloseable listen(Listener listener) {
        looking.acquireUninterruptibly();
        try {
            present.values().forEach(each -> wall.run(() -> listener.appeared(each)));
            listeners.add(listener);
        } finally {
            looking.release();
            lookIfStale();
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        AutoCloseable open = news;
        news = null;
        if (open != null) {
            try {
                open.close();
            } catch (Exception closed) {
                throw new IllegalStateException(closed);
            }
        }
    }

    // ---- looking -------------------------------------------------------------------------------

    /** Members, or what they serve, have changed. */
    private void changed() {
        isStale.set(true);
        lookIfStale();
    }

    /** One thread looks, and looks again if it has to. */
    private void lookIfStale() {
        if (isStale.get() && looking.tryAcquire()) {
            Thread.ofVirtual().name("tuli-gateway-exposures").start(this::lookWhileStale);
        }
    }

    private void lookWhileStale() {
        try {
            while (isStale.compareAndSet(true, false)) {
                look();
            }
        } finally {
            looking.release();
        }
        lookIfStale();
    }

    private void look() {
        Map<String, Exposed> next = new LinkedHashMap<>();
        Map<String, String> unusable = new LinkedHashMap<>();
        named.forEach((path, said) -> look(path, said, next, unusable));
        Map<String, Exposed> before = present;
        refused = Collections.unmodifiableMap(unusable);
        present = Collections.unmodifiableMap(next);
        List<Exposed> gone = new ArrayList<>(before.values());
        gone.removeAll(next.values());
        List<Exposed> appeared = new ArrayList<>(next.values());
        appeared.removeAll(before.values());
        for (Listener listener : listeners) {
            gone.forEach(each -> wall.run(() -> listener.gone(each)));
            appeared.forEach(each -> wall.run(() -> listener.appeared(each)));
        }
    }

    private void look(
            String path, Exposing said, Map<String, Exposed> next, Map<String, String> unusable) {
        String name = said.service();
        OptionalInt partitions = parts.partitionsOf(name);
        if (partitions.isEmpty()) {
            return;
        }
        boolean hasDocuments = partitions.getAsInt() > 0;
        Exposed known = used.get(path);
        try {
            if (known == null
                    || known.hasDocuments() != hasDocuments
                    || parts.isClosed(known.service())) {
                known =
                        new Exposed(
                                path,
                                use(name, hasDocuments),
                                hasDocuments,
                                said.isMany(),
                                said.methods());
                used.put(path, known);
            }
            next.put(path, known);
        } catch (RuntimeException unusual) {
            String why = Thrown.text(unusual);
            if (!why.equals(refused.get(path))) {
                LOG.warn("A service cannot be exposed: {} because {}", Excerpt.of(path), why);
            }
            unusable.put(path, why);
        }
    }

    private Service<?> use(String name, boolean hasDocuments) {
        return hasDocuments
                ? mesh.use(ServiceConfig.of(name, Object.class))
                : mesh.use(ServiceConfig.stateless(name));
    }
}
