package io.tuli;

import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * This process's membership of one named group of processes. Thread-safe.
 *
 * <p>Closing it hands its partitions over, leaves, and frees every thread, timer and socket;
 * closing twice is harmless.
 */
public interface Mesh extends AutoCloseable {

    String name();

    /** This member. */
    Member self();

    /**
     * The members there are, this one included: servers first, the longest-standing first, then
     * clients. Servers and operators see all; other clients see themselves and the servers.
     */
    List<Member> members();

    /**
     * Serves with the built-in verbs: this member becomes a server and owns a share of the
     * service's partitions.
     */
    <T> Service<T> serve(String name, Class<T> type);

    /** Serves with a handler that may block. */
    <T> Service<T> serve(String name, Class<T> type, Handler<T> handler);

    /** The same of documents that are a type with parameters. */
    default <T> Service<T> serve(String name, TypeOf<T> type) {
        return serve(ServiceConfig.of(name, type));
    }

    default <T> Service<T> serve(String name, TypeOf<T> type, Handler<T> handler) {
        return serve(ServiceConfig.of(name, type).handler(handler));
    }

    /**
     * Serves as configured.
     *
     * @throws TuliException CONFLICT when other members serve it with other settings;
     *     METHOD_NOT_ALLOWED on a client
     */
    <T> Service<T> serve(ServiceConfig<T> config);

    /** Uses a service: owns nothing of it, sends straight to owners, holds a live replica. */
    <T> Service<T> use(String name, Class<T> type);

    /** The same of documents that are a type with parameters. */
    default <T> Service<T> use(String name, TypeOf<T> type) {
        return use(ServiceConfig.of(name, type));
    }

    <T> Service<T> use(ServiceConfig<T> config);

    /**
     * A service behind a plain Java interface, checked here: each method sends a message whose verb
     * is the method's name, or what {@link Verb} says. One parameter marked {@link Verb.Key}, or of
     * type {@link Key}, is the key; one other is the body, and several are an object of their names
     * (compile with {@code -parameters}). A {@link Query} is a body, too.
     *
     * <p>A method answers with the reply as the type it returns, generic types included, and waits
     * for it; void waits, too. A {@code CompletableFuture}, a {@link Call} or a {@code
     * Flow.Publisher} of it does not wait. Failures are thrown as {@link Call#await} throws them,
     * {@link Refusal}s with all they say. What the interface implements itself stays as it is. It
     * only sends: unless the service is used or served here besides, it needs no replica.
     *
     * @throws IllegalArgumentException when the interface breaks a rule; names method and rule
     */
    <C> C client(String service, Class<C> type);

    /** Uses several services at once, as JSON-like values (Fero's {@code all}). */
    Map<String, Service<Object>> useAll(Collection<String> names);

    /** What is served by the present members, and what it says of itself; sorted by name. */
    List<ServiceDescription> services();

    /** The same of one service; empty where nobody serves it. */
    Optional<ServiceDescription> service(String name);

    /** The state of the link to each other member. */
    Map<Member, LinkStatus> links();

    /** What this member knows of a service's partitions and replicas: for tools. */
    ServiceReport report(String service);

    /**
     * What every member knows of a service, this one included: asks all and blocks until all have
     * answered, or as many as do {@code within} that time. Members that neither serve nor use it
     * answer nothing.
     */
    List<ServiceReport> reports(String service, Duration within);

    /**
     * Tells of members, links, owners and resets as they happen, one after the other, on a virtual
     * thread; close to stop. What a listener throws is logged, and it is told the next event.
     */
    AutoCloseable events(Consumer<MeshEvent> listener);

    /**
     * Completes when nothing is left of this member: normally where it was closed, exceptionally,
     * with what it died of, where it could not go on - as when the process has no memory left. All
     * its calls have ended then.
     */
    CompletableFuture<Void> closed();

    /** Leaves within {@code drain}, handing over first. */
    void close(Duration drain);

    @Override
    void close();
}
