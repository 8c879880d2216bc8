package io.tuli.connect;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.error.Require;
import io.tuli.loop.MemberParts;
import java.time.Duration;
import java.util.Objects;

/**
 * Connects a service to a store: the member that founds the service restores it from there before
 * anybody else hears of it, later members take it from those that have it, and the owner of each
 * partition writes what changes back.
 *
 * <pre>{@code
 * Connected<Order> orders =
 *         Connector.of(ServiceConfig.of("orders", Order.class))
 *                 .store(Jdbc.table(dataSource, "orders"))
 *                 .serve(mesh);
 * }</pre>
 *
 * <p>All servers of the service connect it, in the same way. The store is asked on threads of the
 * connector alone: one that is slow, down, or hangs holds up nothing else, and costs bounded
 * memory. Immutable; each method answers a changed copy.
 *
 * <p>After {@code connect} of Fero.
 */
public final class Connector<T> {

    private final ServiceConfig<T> config;
    private final Terms terms;

    private Connector(ServiceConfig<T> config, Terms terms) {
        this.config = config;
        this.terms = terms;
    }

    /** A service that is not connected to anything yet. */
    public static <T> Connector<T> of(ServiceConfig<T> config) {
        Require.argument(
                !config.isStateless(), "a stateless service has nothing to store", config.name());
        Require.argument(
                !config.isInternal(), "an internal service is not connected", config.name());
        return new Connector<>(config, Terms.USUAL);
    }

    private Connector<T> with(Terms other) {
        return new Connector<>(config, other);
    }

    /** Where it begins with what is there. */
    public Connector<T> restore(Source source) {
        return with(terms.stores(Objects.requireNonNull(source), terms.sink()));
    }

    /** Where its changes go. */
    public Connector<T> replay(Sink sink) {
        return with(terms.stores(terms.source(), Objects.requireNonNull(sink)));
    }

    /** Both: what was restored from there is not written again. */
    public <S extends Source & Sink> Connector<T> store(S store) {
        return with(terms.stores(Objects.requireNonNull(store), store));
    }

    /**
     * For how long who founds the service waits for others, before it restores: a second unless
     * said (Fero's {@code connect.wait}).
     */
    public Connector<T> foundAfter(Duration wait) {
        Require.argument(!wait.isNegative(), "a time to wait is not negative", wait);
        return with(terms.waits(wait, terms.within(), terms.patience()));
    }

    /**
     * For how long {@link #serve} goes on while the store fails, or while another restores; five
     * minutes unless said.
     */
    public Connector<T> within(Duration time) {
        Require.argument(time.isPositive(), "a deadline is positive", time);
        return with(terms.waits(terms.foundAfter(), time, terms.patience()));
    }

    /**
     * How long the store may take over one step: who waits longer is interrupted, and it counts as
     * failed. 30 seconds unless said.
     */
    public Connector<T> patience(Duration time) {
        Require.argument(time.isPositive(), "a time to wait is positive", time);
        return with(terms.waits(terms.foundAfter(), terms.within(), time));
    }

    /** A batch has about so many documents, and 4 MiB, at most: 1,000 unless said. */
    public Connector<T> batch(int documents) {
        Require.argument(
                documents >= 1 && documents <= 100_000, "a batch has 1..100000", documents);
        return with(terms.batches(documents, terms.every()));
    }

    /** For so long a change waits for others of its batch: 100 milliseconds unless said. */
    public Connector<T> every(Duration wait) {
        Require.argument(!wait.isNegative(), "a time to wait is not negative", wait);
        return with(terms.batches(terms.rows(), wait));
    }

    /**
     * A store that fails is asked again after {@code least}, then after twice that, and so on up to
     * {@code most}: 100 milliseconds and a minute unless said.
     */
    public Connector<T> backOff(Duration least, Duration most) {
        Require.argument(
                least.isPositive() && most.compareTo(least) >= 0,
                "a store that fails is asked again after a while, and then not sooner",
                least);
        return with(terms.backOff(least, most));
    }

    /**
     * Serves the service: blocks until it is restored, or had from others, and served here.
     *
     * @param mesh of {@code Tuli.join}; a member that is no client
     * @throws io.tuli.TuliException UNAVAILABLE where the store fails {@link #within} that time, or
     *     another member restores for as long: the service is not served then, and may be tried
     *     again; CONFLICT and others as for {@code Mesh.serve}
     */
    public Connected<T> serve(Mesh mesh) {
        Require.argument(
                mesh instanceof MemberParts, "what is connected is of Tuli.join", mesh.name());
        Require.argument(
                terms.source() != null || terms.sink() != null,
                "a connected service has a source, a sink, or both",
                config.name());
        return new Founder<>(mesh, config, terms).serve();
    }
}
