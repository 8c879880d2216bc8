package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Feed;
import io.tuli.Limits;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.PartitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three servers and a client, and what holds of them whatever was sent to them, and whatever the
 * users' code in them throws.
 */
final class HostileMesh implements AutoCloseable {

    static final int SERVERS = 3;

    /** Who uses but does not serve. */
    static final int CLIENT = SERVERS;

    /** Right is one second; a machine under load takes longer. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final String PROBES = "probes";

    private final TestMeshes meshes = new TestMeshes();
    private final Limits limits;
    private final List<ServiceConfig<?>> configs;
    private final List<Mesh> members = new ArrayList<>();
    private final List<String> names = new ArrayList<>(List.of(PROBES));
    private final List<Feed.Subscription> feeds = new ArrayList<>();
    private final Map<String, Integer> owners = new HashMap<>();
    private final AtomicInteger probes = new AtomicInteger();

    /** Members of which each server serves all of these, and the client uses them. */
    HostileMesh(ServiceConfig<?>... configs) {
        this(Limits.defaults(), configs);
    }

    /** The same with limits of their own. */
    HostileMesh(Limits limits, ServiceConfig<?>... configs) {
        this.limits = limits;
        this.configs = List.of(configs);
        for (int i = 0; i < SERVERS; i++) {
            members.add(joined());
        }
        members.add(meshes.join(builder -> builder.client().limits(limits)));
        for (Mesh server : members.subList(0, SERVERS)) {
            serve(server);
        }
        for (ServiceConfig<?> config : configs) {
            names.add(config.name());
        }
        for (String name : names) {
            for (int i = 0; i <= CLIENT; i++) {
                synced(service(i, name));
            }
            awaitSharing(name);
            feeds.add(service(CLIENT, name).feed().each(change -> change.value()));
        }
    }

    private Mesh joined() {
        return meshes.join(builder -> builder.limits(limits));
    }

    private void serve(Mesh server) {
        server.serve(ServiceConfig.of(PROBES, Object.class).partitions(8));
        for (ServiceConfig<?> config : configs) {
            server.serve(config);
        }
    }

    private void awaitSharing(String name) {
        for (Mesh server : members) {
            await().atMost(SOON)
                    .until(() -> !server.self().isServer() || server.report(name).owned() > 0);
        }
    }

    /** One of {@link #SERVERS} servers, or the {@link #CLIENT}. */
    Mesh member(int index) {
        return members.get(index);
    }

    Service<Object> service(int member, String name) {
        return members.get(member).use(name, Object.class);
    }

    /** Whichever server owns the key, or another one. */
    int server(String service, String topLevelKey, boolean isOwner) {
        int partition =
                TestMeshes.context(member(0))
                        .book()
                        .find(service)
                        .orElseThrow()
                        .spec()
                        .partitionOf(topLevelKey);
        int owner =
                owners.computeIfAbsent(service + "/" + partition, p -> owner(service, partition));
        return isOwner ? owner : (owner + 1) % SERVERS;
    }

    private int owner(String service, int partition) {
        for (int i = 0; i < SERVERS; i++) {
            if (owns(member(i).report(service), partition)) {
                return i;
            }
        }
        throw new AssertionError("nobody owns " + service + "/" + partition);
    }

    private static boolean owns(ServiceReport report, int partition) {
        return report.partitions().stream()
                .anyMatch(each -> each.partition() == partition && each.role().equals("owner"));
    }

    // ---- what holds ----------------------------------------------------------------------------

    /** No member has ended, no partition stopped, no feed ended, and all answer at once. */
    void assertAllGoOn(String after) {
        String key = "probe" + probes.incrementAndGet();
        for (int i = 0; i <= CLIENT; i++) {
            Mesh member = members.get(i);
            assertThat(member.closed()).as("member %d after %s", i, after).isNotDone();
            assertThat(service(i, PROBES).update(key + i, i).reply())
                    .as("member %d after %s", i, after)
                    .succeedsWithin(AT_ONCE);
        }
        for (String name : names) {
            Message update = Message.of("update", Map.of()).key(key).within(AT_ONCE);
            assertThat(service(CLIENT, name).send(update).committed())
                    .as("%s after %s", name, after)
                    .succeedsWithin(AT_ONCE);
            for (Mesh member : members) {
                assertThat(member.report(name).partitions())
                        .extracting(PartitionReport::role)
                        .as("%s on %s after %s", name, member, after)
                        .doesNotContain("stopped");
            }
        }
        for (Feed.Subscription feed : feeds) {
            assertThat(feed.ended().toCompletableFuture()).as("a feed after %s", after).isNotDone();
        }
    }

    /** Every replica becomes the same, and can be walked through. */
    void assertReplicasEqual(String after) {
        for (String name : names) {
            await().atMost(SOON)
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(
                            () ->
                                    assertThat(members)
                                            .extracting(member -> member.report(name).digest())
                                            .as("%s after %s", name, after)
                                            .containsOnly(member(0).report(name).digest()));
            for (int i = 0; i <= CLIENT; i++) {
                walk(service(i, name).state());
            }
        }
    }

    /** Who comes now gets the same, from snapshots and changelogs, and takes its share. */
    void assertLateMembersAreEqual(String after) {
        Mesh server = joined();
        serve(server);
        members.add(server);
        members.add(meshes.join(builder -> builder.client().limits(limits)));
        for (String name : names) {
            synced(service(SERVERS + 1, name));
            synced(service(SERVERS + 2, name));
            awaitSharing(name);
        }
        members.removeFirst().close();
        assertReplicasEqual("a server came and another left, " + after);
        assertAllGoOn("a server came and another left, " + after);
    }

    private static void walk(Map<String, Object> state) {
        AtomicInteger documents = new AtomicInteger();
        state.forEach((key, value) -> documents.incrementAndGet());
        for (Map.Entry<String, Object> entry : state.entrySet()) {
            assertThat(state.containsKey(entry.getKey())).isTrue();
            documents.decrementAndGet();
        }
        assertThat(documents).hasValue(0);
        assertThat(state.values().stream().map(String::valueOf)).doesNotContain("no such value");
        assertThat(state.keySet().stream().mapToInt(String::length).sum()).isNotNegative();
        assertThat(state.toString()).isNotEmpty();
    }

    /** Waits for what users' code does by and by. */
    static <T> T soon(java.util.concurrent.CompletableFuture<T> future) {
        return future.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    void closeQuietly(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    TestMeshes meshes() {
        return meshes;
    }

    @Override
    public void close() {
        feeds.forEach(Feed.Subscription::close);
        meshes.close();
    }
}
