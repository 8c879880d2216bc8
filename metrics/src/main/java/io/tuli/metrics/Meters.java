package io.tuli.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Those that are ours of a registry's meters, all of which leave it at the end. Thread-safe. */
final class Meters implements AutoCloseable {

    /** So that latencies of several members can be put together. */
    private static final Duration[] BOUNDS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Set<Meter.Id> ids = ConcurrentHashMap.newKeySet();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A value as it is when somebody looks. */
    void gauge(String name, String description, Tags tags, Supplier<Number> value) {
        keep(
                Gauge.builder(name, value)
                        .description(description)
                        .tags(tags)
                        .strongReference(true)
                        .register(registry));
    }

    /** What only grows. The registry holds what is counted weakly: somebody else keeps it. */
    <T> void counter(
            String name, String description, Tags tags, T counted, ToDoubleFunction<T> count) {
        keep(
                FunctionCounter.builder(name, counted, count)
                        .description(description)
                        .tags(tags)
                        .register(registry));
    }

    /** How often something has happened, and how long it took. */
    Timer timer(String name, String description, Tags tags) {
        Timer timer =
                Timer.builder(name)
                        .description(description)
                        .tags(tags)
                        .serviceLevelObjectives(BOUNDS)
                        .register(registry);
        keep(timer);
        return timer;
    }

    private void keep(Meter meter) {
        ids.add(meter.getId());
    }

    /** Those with all of these tags leave. */
    void remove(Tags tags) {
        for (Meter.Id id : List.copyOf(ids)) {
            if (tags.stream().allMatch(tag -> tag.getValue().equals(id.getTag(tag.getKey())))) {
                registry.remove(id);
                ids.remove(id);
            }
        }
    }

    @Override
    public void close() {
        remove(Tags.empty());
    }
}
