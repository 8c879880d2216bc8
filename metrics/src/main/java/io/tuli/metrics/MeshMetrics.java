package io.tuli.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tuli.Mesh;
import io.tuli.error.Require;
import io.tuli.loop.MemberParts;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one member of a mesh does, as meters of Micrometer: {@code
 * MeshMetrics.of(mesh).bindTo(registry)}. Calls are timed as they end; everything else is asked for
 * now and then by a thread of its own, so that a registry that is read waits for no loop. A member
 * without metrics does nothing for them. The meters and their tags are in docs/gateway.md.
 *
 * <p>Thread-safe. Close it to measure no more; a member that leaves closes it.
 */
public final class MeshMetrics implements MeterBinder, AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration EVERY_LEAST = Duration.ofMillis(50);

    private final Mesh mesh;
    private final Duration every;
    private final Set<MemberMeters> bound = ConcurrentHashMap.newKeySet();
    private final AutoCloseable leaving;

    private MeshMetrics(Mesh mesh, Duration every) {
        this.mesh = mesh;
        this.every = every;
        this.leaving = ((MemberParts) mesh).onLeaving(this::end);
    }

    /**
     * Of a member; asked for every 5 seconds.
     *
     * @throws IllegalArgumentException for a mesh that {@code Tuli.join} has not made
     */
    public static MeshMetrics of(Mesh mesh) {
        return of(mesh, EVERY);
    }

    /**
     * The same.
     *
     * @param every how often it is asked what is no call: at least 50 milliseconds
     */
    public static MeshMetrics of(Mesh mesh, Duration every) {
        Require.argument(
                mesh instanceof MemberParts, "metrics are of a mesh of Tuli.join", mesh.name());
        Require.argument(
                every.compareTo(EVERY_LEAST) >= 0, "it is asked every 50 ms at most", every);
        return new MeshMetrics(mesh, every);
    }

    /** Adds the member's meters to a registry, which shows them from now on. */
    @Override
    public void bindTo(MeterRegistry registry) {
        MemberMeters meters = new MemberMeters(mesh, registry);
        bound.add(meters);
        meters.start(every);
    }

    private void end() {
        bound.forEach(MemberMeters::close);
        bound.clear();
    }

    /** Measures no more; the meters leave their registries. */
    @Override
    public void close() {
        end();
        try {
            leaving.close();
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Override
    public String toString() {
        return "metrics of " + mesh;
    }
}
