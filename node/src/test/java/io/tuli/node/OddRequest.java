package io.tuli.node;

import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.node.Odd.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One odd request on one route, made of a seed: the same seed and number make the same one.
 *
 * @param number of this request in its run
 * @param top the top-level key it is about, which no other is about
 * @param there what is at that key before
 * @param isUnsure whether its outcome may be UNKNOWN by its terms
 * @param again how it comes a second time
 * @param parts what is said besides verb and body
 */
record OddRequest(
        int number,
        String service,
        Route route,
        String top,
        Payload there,
        Named<String> verb,
        Named<Supplier<@Nullable Object>> body,
        boolean isUnsure,
        Again again,
        List<Named<UnaryOperator<Message>>> parts) {

    /**
     * Whether another request comes besides it, which may be executed where this one was refused.
     */
    boolean comesAgainOtherwise() {
        return again != Again.NOT && (again != Again.THE_SAME || hasNoId());
    }

    /** The same without an id is another. */
    private boolean hasNoId() {
        return parts.stream().anyMatch(part -> part.name().equals("empty id"));
    }

    /** Whether it is known where its repeat comes to, once it was executed. */
    boolean isRemembered() {
        return again != Again.ANOTHER_KEY && ALWAYS_CHANGE.contains(verb.it());
    }

    /** How a request reaches its owner. */
    enum Route {
        CLIENT,
        OWNER,
        OTHER,
        TURN,
        EMISSION,
        FOLD,
        ANY,
        ALL,
        MEMBER
    }

    /** Whether and how its id comes once more. */
    enum Again {
        NOT,
        THE_SAME,
        ANOTHER_KEY,
        ANOTHER_VERB,
        ANOTHER_BODY
    }

    private static final Set<String> ALWAYS_CHANGE =
            Set.of(Verbs.UPDATE, Verbs.PUSH, Verbs.INCREMENT);

    private static final List<String> THERE =
            List.of(
                    "",
                    "null",
                    "7",
                    "9223372036854775807",
                    "\"text\"",
                    "[1,2]",
                    "[1e9999,\"\\ud83e\"]",
                    "{}",
                    "{\"a\":1,\"l\":[0]}",
                    "{\"a\":{\"b\":{\"c\":[]}},\"l\":{}}");

    /** The next one. */
    static OddRequest random(SplittableRandom random, int number) {
        String top = "k" + number;
        Route[] routes = Route.values();
        Route route = routes[random.nextInt(routes.length)];
        boolean isUnsure = random.nextInt(20) == 0;
        List<Named<UnaryOperator<Message>>> parts = new ArrayList<>();
        parts.add(random.nextInt(3) == 0 ? one(random, Odd.keys(top)) : Odd.keys(top).getFirst());
        Again again = Again.NOT;
        if (random.nextInt(6) == 0) {
            parts.add(one(random, Odd.ids("id" + number)));
            again = one(random, List.of(Again.values()));
        }
        if (random.nextInt(12) == 0) {
            parts.add(one(random, Odd.headers()));
        }
        if (isUnsure) {
            parts.add(one(random, Odd.unsureTerms()));
        } else if (random.nextInt(12) == 0) {
            parts.add(one(random, Odd.terms()));
        }
        return new OddRequest(
                number,
                random.nextInt(6) == 0 ? "carts" : "things",
                route,
                top,
                Payload.json(one(random, THERE)),
                random.nextInt(4) == 0 ? one(random, Odd.verbs()) : one(random, builtIn()),
                one(random, random.nextInt(30) == 0 ? Odd.heavyBodies() : Odd.bodies()),
                isUnsure,
                again,
                List.copyOf(parts));
    }

    private static List<Named<String>> builtIn() {
        return Odd.verbs().subList(0, io.tuli.Verbs.BUILT_IN.size());
    }

    private static <T> T one(SplittableRandom random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Whether it is about the document at its top-level key as a whole, and nothing is odd. */
    boolean isAboutTheDocument() {
        return parts.getFirst().name().equals("plain");
    }

    /**
     * What is sent.
     *
     * @throws RuntimeException where it cannot even be made
     */
    Message message() {
        Message message = Message.of(verb.it(), body.it().get());
        for (Named<UnaryOperator<Message>> part : parts) {
            message = part.it().apply(message);
        }
        return message;
    }

    /** What comes again under its id; an id of its own if it has none. */
    Message repeated() {
        Message first = message();
        return switch (again) {
            case NOT, THE_SAME -> first;
            case ANOTHER_KEY -> first.key("other" + top);
            case ANOTHER_VERB ->
                    Message.of(another(), first.body()).key(first.key()).id(first.id());
            case ANOTHER_BODY -> first.carrying("another body");
        };
    }

    private String another() {
        return verb.it().equals(Verbs.PUSH) ? Verbs.UPDATE : Verbs.PUSH;
    }

    @Override
    public String toString() {
        return "#" + number + " " + route + " " + service + " there=" + there + " verb=" + verb
                + " body=" + body + " " + parts + " again=" + again;
    }
}
