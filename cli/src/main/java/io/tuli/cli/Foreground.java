package io.tuli.cli;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tuli.Mesh;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.gateway.OpenGateway;
import io.tuli.metrics.GatewayMetrics;
import io.tuli.metrics.MeshMetrics;
import io.tuli.terminal.Amount;
import java.util.concurrent.ExecutionException;

/** What commands have in common that are a member for as long as they run. Stateless. */
final class Foreground {

    private Foreground() {}

    /** The member is this process: whatever ends the one ends the other. */
    static Exit awaitEnd(Invocation tuli, Mesh mesh) throws InterruptedException {
        try {
            mesh.closed().get();
            return Exit.OK;
        } catch (ExecutionException broken) {
            tuli.terminal().say("tuli: this member could not go on: " + broken.getCause());
            return Exit.BROKEN;
        }
    }

    /**
     * The end of a member that was told to go. The JVM would exit with the signal's number; a
     * member that has left in order has done what it was told, so it ends the process itself.
     *
     * @param how it leaves, for people
     */
    static void leave(Invocation tuli, String how, Runnable closing) {
        tuli.note("leaving: " + how);
        long began = System.nanoTime();
        closing.run();
        tuli.note("left after " + Amount.millis(System.nanoTime() - began));
        Runtime.getRuntime().halt(Exit.OK.code());
    }

    /** What a member, its gateway and its process do, as Prometheus reads it. Thread-safe. */
    static final class Measuring implements AutoCloseable {

        private final PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final MeshMetrics mesh;

        /** Of a member, from now on. */
        Measuring(Mesh mesh) {
            this.mesh = MeshMetrics.of(mesh);
            this.mesh.bindTo(registry);
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
        }

        /** And of its gateway, until that is closed. */
        void gateway(OpenGateway open) {
            GatewayMetrics.of(open).bindTo(registry);
        }

        /** All of it. */
        String text() {
            return registry.scrape();
        }

        @Override
        public void close() {
            mesh.close();
            registry.close();
        }
    }
}
