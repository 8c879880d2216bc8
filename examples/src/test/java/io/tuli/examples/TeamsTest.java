package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.examples.Teams.Event;
import io.tuli.examples.Teams.Team;
import io.tuli.examples.Teams.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-29")
class TeamsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /**
     * Until every partition has its owner: three services at once on a busy machine take a while.
     */
    private static final Duration STEADY = Duration.ofSeconds(60);

    private final Meshes meshes = new Meshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void teamsFollowFromUsersAndEvents() throws Exception {
        List<Service<Team>> teams = List.of(serveAll(), serveAll());
        Mesh client = meshes.client();
        Service<User> users = client.use(Teams.USERS, User.class);
        Service<Event> events = client.use(Teams.EVENTS, Event.class);
        users.awaitSync(STEADY);
        events.awaitSync(STEADY);
        for (Service<Team> replica : teams) {
            replica.awaitSync(STEADY);
        }

        List<CompletableFuture<?>> writes = new ArrayList<>();
        writes.add(users.update("ada", new User("ada", "reds")).reply());
        writes.add(users.update("bob", new User("bob", "blues")).reply());
        for (int i = 0; i < 200; i++) {
            writes.add(events.add("e" + i, new Event(i % 4 == 0 ? "blues" : "reds", 1)).reply());
        }
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        for (Service<Team> replica : teams) {
            await().atMost(SOON).until(() -> points(replica) >= 200);
            assertThat(replica.state())
                    .containsEntry("reds", new Team(List.of("ada"), 150))
                    .containsEntry("blues", new Team(List.of("bob"), 50));
        }
    }

    private Service<Team> serveAll() {
        Mesh server = meshes.server();
        server.serve(Teams.USERS, User.class);
        server.serve(Teams.EVENTS, Event.class);
        return server.serve(Teams.config());
    }

    private static int points(Service<Team> replica) {
        return replica.state().values().stream().mapToInt(Team::points).sum();
    }
}
