package io.tuli.feed;

import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.error.Require;
import io.tuli.hold.AckRules;
import io.tuli.protocol.MessageRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of a feed. Immutable.
 *
 * @param shape what its elements are
 * @param wanted what loops filter
 * @param predicates what the consumer's thread filters
 * @param from where it begins
 * @param limit of changes unconsumed
 * @param overflow what happens beyond
 * @param group whose changes it shares with others; empty for none
 * @param acks how each change is acknowledged; null where it is consumed when the consumer returns
 */
record FeedPlan<E>(
        Shape<E> shape,
        Wanted wanted,
        List<Predicate<? super E>> predicates,
        Position from,
        int limit,
        Overflow overflow,
        String group,
        @Nullable AckRules acks) {

    FeedPlan {
        Require.argument(limit >= 1, "a feed's limit must be >= 1", limit);
        Require.argument(
                overflow != Overflow.DROP_NEWEST && overflow != Overflow.LATEST,
                "a feed of changes waits, drops the oldest or fails: DROP_NEWEST and LATEST are for"
                        + " events()",
                overflow);
    }

    static <E> FeedPlan<E> of(Shape<E> shape, int limit) {
        Wanted all = Wanted.all(shape.isWhole());
        return new FeedPlan<>(
                shape, all, List.of(), Position.latest(), limit, Overflow.WAIT, "", null);
    }

    FeedPlan<E> wanted(Wanted other) {
        return new FeedPlan<>(shape, other, predicates, from, limit, overflow, group, acks);
    }

    FeedPlan<E> filter(Predicate<? super E> predicate) {
        List<Predicate<? super E>> more = new ArrayList<>(predicates);
        more.add(predicate);
        return new FeedPlan<>(shape, wanted, List.copyOf(more), from, limit, overflow, group, acks);
    }

    FeedPlan<E> from(Position other) {
        return new FeedPlan<>(shape, wanted, predicates, other, limit, overflow, group, acks);
    }

    FeedPlan<E> limit(int other) {
        return new FeedPlan<>(shape, wanted, predicates, from, other, overflow, group, acks);
    }

    FeedPlan<E> overflow(Overflow other) {
        return new FeedPlan<>(shape, wanted, predicates, from, limit, other, group, acks);
    }

    FeedPlan<E> group(String name) {
        MessageRules.requireGroupName(name);
        return new FeedPlan<>(shape, wanted, predicates, from, limit, overflow, name, acks);
    }

    FeedPlan<E> acks(AckRules rules) {
        return new FeedPlan<>(
                shape, wanted, predicates, from, rules.inFlight(), overflow, group, rules);
    }

    /** Whether others have a part of the changes, and it goes on where they have been. */
    boolean isOfGroup() {
        return !group.isEmpty();
    }

    /** Looks at it as a whole, before it begins. */
    void require() {
        Require.argument(
                !isOfGroup() || overflow == Overflow.WAIT,
                "a reader of a group waits: each change is for one of them; overflow",
                overflow);
        Require.argument(
                !isOfGroup() || from.kind() != Position.Kind.TIME,
                "a group begins at latest(), start() or exact(places), and goes on where it has"
                        + " been; from",
                from.kind());
    }
}
