package io.tuli.examples;

import io.tuli.Change;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that nobody writes to: it folds the changes of two others into teams, each change
 * exactly once. {@code users} says who plays where, {@code events} who scored.
 */
public final class Teams {

    public static final String NAME = "teams";
    public static final String USERS = "users";
    public static final String EVENTS = "events";

    private static final String JOINED = "JOINED";
    private static final String SCORED = "SCORED";

    private Teams() {}

    /** A document of {@code users}. */
    public record User(String name, String team) {}

    /** A document of {@code events}; once made it does not change. */
    public record Event(String team, int points) {}

    /** A document of {@code teams}. */
    public record Team(List<String> players, int points) {

        static final Team NEW = new Team(List.of(), 0);

        public Team {
            players = List.copyOf(players);
        }

        Team with(String player) {
            List<String> more = new ArrayList<>(players);
            if (!more.contains(player)) {
                more.add(player);
            }
            return new Team(more, points);
        }

        Team scored(int more) {
            return new Team(players, points + more);
        }
    }

    /** How to serve them. */
    public static ServiceConfig<Team> config() {
        return ServiceConfig.of(NAME, Team.class)
                .handler(Teams::handle)
                .inline()
                .fold(USERS, Teams::ofUser)
                .fold(EVENTS, Teams::ofEvent);
    }

    private static List<Message> ofUser(Change change) {
        User user = isWhole(change) ? change.value(User.class) : null;
        return user == null ? List.of() : List.of(Message.of(JOINED, user).key(user.team()));
    }

    private static List<Message> ofEvent(Change change) {
        Event event = isWhole(change) ? change.value(Event.class) : null;
        return event == null ? List.of() : List.of(Message.of(SCORED, event).key(event.team()));
    }

    /** Whether a whole document was made or replaced, rather than a field of one or none. */
    private static boolean isWhole(Change change) {
        boolean hasValue = change.kind() == Change.Kind.UPDATE || change.kind() == Change.Kind.ADD;
        return hasValue && change.key().isTop();
    }

    private static @Nullable Object handle(Message message, Turn<Team> turn) {
        Team before = turn.value();
        Team team = before == null ? Team.NEW : before;
        switch (message.verb()) {
            case JOINED -> {
                User user = message.body(User.class);
                turn.update(user == null ? team : team.with(user.name()));
            }
            case SCORED -> {
                Event event = message.body(Event.class);
                turn.update(event == null ? team : team.scored(event.points()));
            }
            default -> {
                return turn.pass();
            }
        }
        return null;
    }
}
