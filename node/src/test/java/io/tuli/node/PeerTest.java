package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.LinkStatus;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeerTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    @Tag("FE-05")
    void changesAndCommitsAreSeenOnEveryMember() throws Exception {
        Service<Object> server = meshes.server().serve("things", Object.class);
        Service<Object> client = synced(meshes.client().use("things", Object.class));
        List<Change> changes = new CopyOnWriteArrayList<>();
        List<Committed> commits = new CopyOnWriteArrayList<>();
        client.feed().from(Position.start()).each(changes::add);
        client.commits().from(Position.start()).each(commits::add);
        List<Change> removals = new CopyOnWriteArrayList<>();
        server.feed().verbs("remove").keys("a*").each(removals::add);

        server.update("a", 1).reply().join();
        server.patch("b", Map.of("x", 1, "y", 2)).reply().join();
        client.remove("a").reply().join();

        await().atMost(SOON).until(() -> changes.size() == 4 && removals.size() == 1);
        assertThat(changes)
                .extracting(change -> change.verb() + " " + change.key())
                .containsExactlyInAnyOrder("update a", "update b.x", "update b.y", "remove a");
        assertThat(commits).filteredOn(commit -> commit.changes().size() == 2).hasSize(1);
    }

    @Test
    @Tag("FE-16")
    void clientsOwnNothingAndAreSeenWithTheirGroup() {
        Mesh server = meshes.server();
        server.serve("things", Object.class);
        Mesh client = meshes.join(builder -> builder.client().group("monitor").name("watcher"));
        synced(client.use("things", Object.class));

        assertThat(client.report("things").owned()).isZero();
        assertThat(server.report("things").owned()).isEqualTo(256);
        assertThat(server.members())
                .anyMatch(member -> member.name().equals("monitor/watcher") && !member.isServer());
    }

    @Test
    @Tag("FE-17")
    void membersAreFoundByAddress() {
        Mesh first = meshes.server();

        Mesh second = meshes.join(builder -> builder.peers(first.self().address()));

        await().atMost(SOON).until(() -> second.members().size() == 2);
    }

    @Test
    @Tag("FE-18")
    void theStatusOfEachLinkIsKnownAndItsChangesAreTold() {
        Mesh server = meshes.server();
        List<MeshEvent.Kind> kinds = new CopyOnWriteArrayList<>();
        server.events(event -> kinds.add(event.kind()));
        Mesh other = meshes.server();
        Mesh client = meshes.client();

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            assertThat(server.links())
                                    .containsEntry(other.self(), LinkStatus.CONNECTED)
                                    .containsEntry(client.self(), LinkStatus.CLIENT);
                            assertThat(client.links())
                                    .containsEntry(server.self(), LinkStatus.CONNECTED);
                        });
        client.close();

        await().atMost(SOON)
                .until(
                        () ->
                                kinds.contains(MeshEvent.Kind.MEMBER_LEFT)
                                        && !server.links().containsKey(client.self()));
        assertThat(kinds).contains(MeshEvent.Kind.MEMBER_JOINED, MeshEvent.Kind.LINK_UP);
    }

    @Test
    @Tag("FE-20")
    void aNewServerTakesOverItsShareAndNoMore() {
        Mesh one = meshes.server();
        synced(one.serve("things", Object.class));
        Mesh two = meshes.server();
        synced(two.serve("things", Object.class));
        await().atMost(SOON).until(() -> one.report("things").owned() < 140);

        Mesh three = meshes.server();
        synced(three.serve("things", Object.class));

        await().atMost(SOON).until(() -> three.report("things").owned() >= 80);
        assertThat(three.report("things").owned()).isLessThanOrEqualTo(92);
    }

    @Test
    @Tag("FE-21")
    void whoComesLateGetsWhatWasBefore() {
        Service<Object> first = meshes.server().serve("things", Object.class);
        for (int i = 0; i < 500; i++) {
            first.update("k" + i, "v" + i);
        }
        first.update("last", true).reply().join();

        Service<Object> late = synced(meshes.server().serve("things", Object.class));

        await().atMost(SOON).until(() -> late.state().size() == 501);
        assertThat(late.state()).isEqualTo(first.state());
    }

    @Test
    @Tag("FE-23")
    void aLinkThatBreaksComesBackWithoutLossOrDuplication() {
        Mesh server = meshes.server();
        Service<Object> things = server.serve("things", Object.class);
        Mesh client = meshes.client();
        Service<Object> used = synced(client.use("things", Object.class));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        used.feed().keys("count").each(change -> seen.add(change.value(Integer.class)));

        for (int i = 0; i < 200; i++) {
            if (i % 40 == 20) {
                breakLink(i % 80 == 20 ? server : client, i % 80 == 20 ? client : server);
            }
            used.push("list", i).reply().join();
            used.update("count", i).reply().join();
        }

        await().atMost(SOON).until(() -> seen.size() == 200);
        assertThat(seen).isSorted();
        assertThat((List<?>) things.state().get("list")).hasSize(200);
        assertThat(used.state()).isEqualTo(things.state());
    }

    private static void breakLink(Mesh at, Mesh to) {
        Link link = context(at).transport().link(to.self().id());
        if (link != null) {
            link.close("a test breaks it");
        }
    }

    @Test
    @Tag("FE-25")
    void severalServicesAreOpenedAtOnce() {
        Mesh server = meshes.server();
        server.serve("users", Object.class).update("u", 1).reply().join();
        server.serve("teams", Object.class).update("t", 2).reply().join();

        Map<String, Service<Object>> all = meshes.client().useAll(List.of("users", "teams"));

        all.values().forEach(TestMeshes::synced);
        assertThat(all.get("users").state()).isEqualTo(Map.of("u", 1));
        assertThat(all.get("teams").state()).isEqualTo(Map.of("t", 2));
        assertThat(server.services())
                .extracting(ServiceDescription::name)
                .containsExactly("teams", "users");
    }

    @Test
    @Tag("FE-28")
    void everyMemberReports() {
        Mesh server = meshes.server();
        synced(server.serve("things", Object.class)).update("k", 1).reply().join();
        Mesh client = meshes.client();
        synced(client.use("things", Object.class));
        Mesh tool = meshes.join(builder -> builder.client().settings(Map.of("role", "operator")));

        await().atMost(SOON).until(() -> tool.members().size() == 3);
        List<ServiceReport> reports = tool.reports("things", Duration.ofSeconds(10));

        assertThat(reports)
                .extracting(report -> report.member().id())
                .contains(server.self().id(), client.self().id());
        assertThat(reports).filteredOn(ServiceReport::isServing).hasSize(1);
        assertThat(reports)
                .filteredOn(report -> report.replicas() + report.owned() > 0)
                .allMatch(report -> report.digest() == server.report("things").digest());
    }
}
