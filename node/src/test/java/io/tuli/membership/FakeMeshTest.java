package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FakeMeshTest {

    private final FakeMesh mesh = new FakeMesh();
    private final Member server = Members.server("server");
    private final Member client = Members.client("client");
    private final Ears serverEars = new Ears();
    private final Ears clientEars = new Ears();
    private final ControlChannel serverChannel = mesh.channel(server);
    private final ControlChannel clientChannel = mesh.channel(client);

    @Test
    void allSeeWhoIsThereServersFirst() {
        clientChannel.connect(clientEars);
        serverChannel.connect(serverEars);

        assertThat(serverEars.views).containsExactly(List.of(server, client));
        assertThat(clientEars.views).containsExactly(List.of(client), List.of(server, client));
    }

    @Test
    void messagesReachOneOrAllOthers() {
        connectBoth();

        serverChannel.sendToAll(new byte[] {1});
        clientChannel.send(server.id(), new byte[] {2});
        clientChannel.send(client.id(), new byte[] {3});

        assertThat(clientEars.heard).containsExactly("server 1");
        assertThat(serverEars.heard).containsExactly("client 2");
    }

    @Test
    void asManyMessagesAsSaidAreLost() {
        connectBoth();
        mesh.lose(1);

        serverChannel.sendToAll(new byte[] {1});
        serverChannel.sendToAll(new byte[] {2});

        assertThat(clientEars.heard).containsExactly("server 2");
    }

    @Test
    void whatIsHeldArrivesWhenItIsReleased() {
        connectBoth();
        mesh.hold();

        serverChannel.sendToAll(new byte[] {1});
        serverChannel.sendToAll(new byte[] {2});
        assertThat(clientEars.heard).isEmpty();
        mesh.release();
        serverChannel.sendToAll(new byte[] {3});

        assertThat(clientEars.heard).containsExactly("server 1", "server 2", "server 3");
    }

    @Test
    void whatIsHeldArrivesInAnyOrder() {
        connectBoth();
        mesh.hold();
        serverChannel.sendToAll(new byte[] {1});
        serverChannel.sendToAll(new byte[] {2});

        Random random = new Random(1);

        assertThat(Stream.generate(() -> mesh.arrive(random)).limit(3))
                .containsExactly(true, true, false);
        assertThat(clientEars.heard).containsExactlyInAnyOrder("server 1", "server 2");
    }

    @Test
    void twoSidesOfASplitDoNotHearEachOther() {
        connectBoth();
        mesh.split(List.of(client.id()));

        serverChannel.sendToAll(new byte[] {1});

        assertThat(clientEars.heard).isEmpty();
        assertThat(clientEars.views).endsWith(List.of(client));
        assertThat(serverEars.views).endsWith(List.of(server));

        mesh.heal();

        assertThat(clientEars.views).endsWith(List.of(server, client));
    }

    @Test
    void whoIsKilledHearsNothingAndIsSeenByNobody() {
        connectBoth();

        mesh.kill(client.id());
        serverChannel.sendToAll(new byte[] {1});
        clientChannel.sendToAll(new byte[] {2});

        assertThat(serverEars.views).endsWith(List.of(server));
        assertThat(clientEars.views).endsWith(List.of(server, client));
        assertThat(clientEars.heard).isEmpty();
        assertThat(serverEars.heard).isEmpty();
    }

    private void connectBoth() {
        serverChannel.connect(serverEars);
        clientChannel.connect(clientEars);
    }

    private final class Ears implements ControlChannel.Events {

        final List<List<Member>> views = new ArrayList<>();
        final List<String> heard = new ArrayList<>();

        @Override
        public void viewed(List<Member> members) {
            views.add(members);
        }

        @Override
        public void received(MemberId from, byte[] message) {
            String name = from.equals(server.id()) ? "server" : "client";
            heard.add(name + " " + message[0]);
        }
    }
}
