package io.tuli.hostile;

import io.tuli.Change;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Services whose own code misbehaves: handlers on request, merge functions and folds all the time -
 * but not for bystanders, whose keys begin with {@link #BYSTANDER}.
 */
public final class OddServices {

    public static final String BYSTANDER = "well";

    private static final String NAME = "odd";

    private OddServices() {}

    /** A document that cannot be read where it says that it is fragile. */
    public record Fragile(long n, @Nullable String name) {
        public Fragile {
            if ("fragile".equals(name)) {
                throw new StackOverflowError();
            }
        }
    }

    /** A service of documents of a class that is drawn. */
    public static ServiceConfig<?> serving(SplittableRandom random, int partitions) {
        return switch (random.nextInt(6)) {
            case 0 -> serving(Long.class, partitions);
            case 1 -> serving(java.util.Map.class, partitions);
            case 2 -> serving(Fragile.class, partitions);
            default -> serving(Object.class, partitions);
        };
    }

    private static <T> ServiceConfig<T> serving(Class<T> type, int partitions) {
        return ServiceConfig.of(NAME, type)
                .partitions(partitions)
                .handler(OddServices::handle)
                .merge(OddServices::merge);
    }

    /** A service that folds it: it counts the changes of bystanders. */
    public static ServiceConfig<Object> folding(int partitions) {
        return ServiceConfig.of("oddly", Object.class)
                .partitions(partitions)
                .fold(NAME, OddServices::fold);
    }

    /** Where the fold counts the changes of a document. */
    public static String countOf(String document) {
        return "of_" + document;
    }

    private static <T> @Nullable Object handle(Message message, Turn<T> turn) {
        Mischief mischief = Mischief.asked(message.verb());
        if (mischief == null) {
            return turn.pass();
        }
        trespass(turn, message);
        if (!message.key().isNone()) {
            turn.update(message.key(), 1);
        }
        return mischief.make();
    }

    /** What a turn must refuse, and a handler may catch. */
    private static void trespass(Turn<?> turn, Message message) {
        List<Runnable> wishes =
                List.of(
                        () -> turn.update(BYSTANDER + 0, -1),
                        () -> turn.increment(BYSTANDER + 0 + ".n", 1),
                        () -> turn.emit("no service", message),
                        () -> turn.emit(NAME, Message.of("$read")),
                        () -> turn.update(message.key(), Double.NaN));
        for (Runnable wish : wishes) {
            try {
                wish.run();
            } catch (TuliException refused) {
                // As it must be.
            }
        }
    }

    @SuppressWarnings("unchecked") // Users' code may answer anything.
    private static <T> @Nullable T merge(
            String key, @Nullable T base, @Nullable T winner, @Nullable T loser) {
        return key.startsWith(BYSTANDER) ? winner : (T) Mischief.of(key.hashCode()).make();
    }

    @SuppressWarnings("NullAway") // Users' code may answer null, or lists of it.
    private static List<Message> fold(Change change) {
        String document = change.key().top();
        if (document.startsWith(BYSTANDER)) {
            return List.of(Message.of(Verbs.INCREMENT, 1).key(Key.of(countOf(document))));
        }
        long number = change.position().offset();
        Mischief mischief = Mischief.of(number / 4);
        List<Message> messages = new ArrayList<>();
        messages.add(Message.of(Verbs.UPDATE, mischief.make()).key("folded"));
        messages.add(Message.of("nobody-knows", 1).key("folded"));
        messages.add(Message.of(Verbs.PUSH, 1));
        return switch ((int) (number % 4)) {
            case 0 -> Collections.singletonList(null);
            case 1 -> null;
            default -> messages;
        };
    }
}
