package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Service;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients are outside the group of servers, and know of them all the same. */
class OutsideTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private static void awaitMembers(Mesh of, Mesh... members) {
        Member[] expected = new Member[members.length];
        for (int i = 0; i < members.length; i++) {
            expected[i] = members[i].self();
        }
        await().atMost(TestMeshes.SOON)
                .untilAsserted(() -> assertThat(of.members()).containsExactlyInAnyOrder(expected));
    }

    private static long views(Mesh mesh) {
        return TestMeshes.context(mesh).membership().groupViews();
    }

    @Test
    void aClientIsAMemberToServersAndOperatorsAndNoneOfTheGroup() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        awaitMembers(one, one, two);
        long views = views(one);

        Mesh client = meshes.client();
        Mesh operator =
                meshes.join(builder -> builder.client().settings(Map.of("role", "operator")));
        Mesh another = meshes.client();

        awaitMembers(one, one, two, client, operator, another);
        awaitMembers(two, one, two, client, operator, another);
        awaitMembers(client, client, one, two);
        awaitMembers(operator, client, operator, another, one, two);
        another.close();
        awaitMembers(one, one, two, client, operator);
        awaitMembers(operator, client, operator, one, two);
        assertThat(views(one)).isEqualTo(views);
        assertThat(views(client)).isZero();
    }

    @Test
    void aClientThatIsFirstFindsTheServersThatComeAndThoseThatComeAfterAllHaveGone() {
        Mesh client = meshes.join(b -> b.client().settings(Map.of("membership.silence", "2s")));
        awaitMembers(client, client);
        Service<String> used = client.use("things", String.class);

        Mesh one = meshes.server();
        one.serve("things", String.class);
        used.update("k", "v").reply().join();
        TestMeshes.synced(used);
        one.close(Duration.ZERO);
        awaitMembers(client, client);

        Mesh two = meshes.server();
        two.serve("things", String.class);
        awaitMembers(client, client, two);
        used.update("k", "w").reply().join();
        assertThat(two.members()).contains(client.self());
    }

    @Test
    void whoHasJoinedHasLinksToAllServersAndCanAskThem() {
        for (int i = 0; i < 3; i++) {
            meshes.server().serve("things", String.class);
        }
        for (int i = 0; i < 5; i++) {
            Mesh operator = meshes.join(b -> b.client().settings(Map.of("role", "operator")));
            assertThat(operator.members()).filteredOn(Member::isServer).hasSize(3);
            operator.links()
                    .forEach(
                            (member, link) ->
                                    assertThat(link == LinkStatus.CONNECTED || !member.isServer())
                                            .as("link to %s: %s", member, link)
                                            .isTrue());
            operator.close();
        }
    }

    @Test
    void aClientGoesOnWithTheServersThatAreLeft() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        one.serve("things", String.class);
        two.serve("things", String.class);
        Mesh client = meshes.client();
        Service<String> used = TestMeshes.synced(client.use("things", String.class));
        for (int i = 0; i < 20; i++) {
            used.update("k" + i, "v").reply().join();
        }
        one.close();
        awaitMembers(client, client, two);
        Mesh three = meshes.server();
        three.serve("things", String.class);
        awaitMembers(client, client, two, three);
        two.close();
        for (int i = 0; i < 20; i++) {
            assertThat(used.read("k" + i, String.class).reply().join()).isEqualTo("v");
        }
    }
}
