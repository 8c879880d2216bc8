package io.tuli.node;

import io.netty.channel.EventLoopGroup;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.agreement.Offer;
import io.tuli.codec.JsonCodec;
import io.tuli.contract.Contract;
import io.tuli.loop.MemberParts;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** This member, as its user holds it. Thread-safe; it only speaks to those who know how. */
final class MeshNode implements Mesh, MemberParts {

    private static final Duration REPORT_WITHIN = Duration.ofSeconds(5);

    private final String name;
    private final NodeContext context;
    private final Services services;
    private final ServiceQuestions questions;
    private final Departure departure;
    private final List<Runnable> rosterListeners = new CopyOnWriteArrayList<>();
    private final Wall wall = new Wall("a listener to rosters");

    MeshNode(String name, NodeContext context) {
        this.name = name;
        this.context = context;
        this.services = new Services(context);
        this.questions = new ServiceQuestions(context, services);
        this.departure = new Departure(context);
    }

    /** Leaves also when the process is told to end. */
    void hookUp() {
        departure.hookUp();
    }

    /** Leaves at once: something happened that must not. */
    void abandon(Throwable broken) {
        departure.abandon(broken);
    }

    void rosterChanged() {
        services.rosterChanged();
        rosterListeners.forEach(wall::run);
    }

    NodeContext context() {
        return context;
    }

    /** A service to send emitted messages to. May block. */
    LocalService forSending(String service) {
        return services.forSending(service);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Member self() {
        return context.self();
    }

    @Override
    public List<Member> members() {
        return context.directory().roster().members();
    }

    // ---- services ------------------------------------------------------------------------------

    @Override
    public <T> Service<T> serve(String service, Class<T> type) {
        return serve(ServiceConfig.of(service, type));
    }

    @Override
    public <T> Service<T> serve(String service, Class<T> type, Handler<T> handler) {
        return serve(ServiceConfig.of(service, type).handler(handler));
    }

    @Override
    public <T> Service<T> serve(ServiceConfig<T> config) {
        LoopThread.requireMayWait("serve");
        departure.requireOpen();
        return services.serve(config);
    }

    @Override
    public <T> Service<T> use(String service, Class<T> type) {
        return use(ServiceConfig.of(service, type));
    }

    @Override
    public <T> Service<T> use(ServiceConfig<T> config) {
        LoopThread.requireMayWait("use");
        departure.requireOpen();
        return services.use(config);
    }

    @Override
    public <C> C client(String service, Class<C> type) {
        Contract<C> contract = Contract.of(type);
        ServiceConfig<Object> sending = ServiceConfig.of(service, Object.class).withoutReplica();
        return TypedClient.of(contract, use(sending), context.codec());
    }

    @Override
    public Map<String, Service<Object>> useAll(Collection<String> names) {
        Map<String, Service<Object>> all = new LinkedHashMap<>();
        names.forEach(each -> all.put(each, use(each, Object.class)));
        return all;
    }

    @Override
    public List<ServiceDescription> services() {
        return context.directory().descriptions();
    }

    @Override
    public Optional<ServiceDescription> service(String service) {
        return context.directory().roster().description(service);
    }

    // ---- what is going on ----------------------------------------------------------------------

    @Override
    public Map<Member, LinkStatus> links() {
        return context.peers().statuses(members());
    }

    @Override
    public ServiceReport report(String service) {
        LoopThread.requireMayWait("report");
        return await(context.reports().of(services.required(service)));
    }

    @Override
    public List<ServiceReport> reports(String service, Duration within) {
        LoopThread.requireMayWait("reports");
        departure.requireOpen();
        return questions.reports(service, within);
    }

    @Override
    public AutoCloseable events(Consumer<MeshEvent> listener) {
        return context.listeners().add(listener);
    }

    // ---- for other modules of ours -------------------------------------------------------------

    @Override
    public EventLoopGroup eventLoops() {
        return context.transport().group();
    }

    @Override
    public EventLoopGroup door() {
        return context.transport().door();
    }

    @Override
    public JsonCodec codec() {
        return context.codec();
    }

    @Override
    public OptionalInt partitionsOf(String service) {
        return context.directory().roster().rule(service).map(Offer::partitions).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    @Override
    public OptionalInt partitionOf(String service, String key) {
        return context.book().find(service).filter(LocalService::hasReplica).stream()
                .mapToInt(local -> local.spec().partitionOf(key))
                .findFirst();
    }

    @Override
    public CompletableFuture<Boolean> isAnswering(String service, Duration within) {
        return questions.isAnswering(service, within);
    }

    @Override
    public String whyWaiting(String service) {
        return questions.whyWaiting(service);
    }

    @Override
    public <T> Service<T> serveHidden(ServiceConfig<T> config) {
        LoopThread.requireMayWait("serve");
        departure.requireOpen();
        return services.serveHidden(config);
    }

    @Override
    public void announce(String service) {
        LoopThread.requireMayWait("announce");
        services.announce(service);
    }

    @Override
    public boolean isFounded(String service) {
        LoopThread.requireMayWait("isFounded");
        return services.isFounded(service);
    }

    @Override
    public void tell(MeshEvent event) {
        context.listeners().tell(event);
    }

    @Override
    public boolean isClosed(Service<?> service) {
        return ((ServiceFacade<?>) service).isClosed();
    }

    @Override
    public AutoCloseable onRoster(Runnable listener) {
        rosterListeners.add(listener);
        return () -> rosterListeners.remove(listener);
    }

    @Override
    public AutoCloseable onLeaving(Runnable end) {
        return departure.before(end);
    }

    @Override
    public AutoCloseable onCalls(CallListener listener) {
        return context.calls().listen(listener);
    }

    @Override
    public Figures figures() {
        LoopThread.requireMayWait("figures");
        return MemberFigures.of(context);
    }

    private static ServiceReport await(java.util.concurrent.Future<ServiceReport> report) {
        try {
            return report.get(REPORT_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CANCELLED, "interrupted while asking the loops");
        } catch (TimeoutException late) {
            throw new TuliException(Failure.TIMEOUT, "the loops did not answer within 5 s");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof TuliException known
                    ? known
                    : new TuliException(
                            Outcome.FAILED, Failure.CLOSED, String.valueOf(failed.getCause()));
        }
    }

    // ---- the end -------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("NullAway") // a Void is null
    public CompletableFuture<Void> closed() {
        return departure.closed();
    }

    @Override
    public void close(Duration drain) {
        departure.leave(drain);
    }

    @Override
    public void close() {
        departure.leave(context.setting().drain());
    }

    @Override
    public String toString() {
        return "mesh " + name + ", member " + self();
    }
}
