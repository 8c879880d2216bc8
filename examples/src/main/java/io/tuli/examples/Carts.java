package io.tuli.examples;

import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shopping carts by customer that can be filled on both sides of a split network. Nothing that was
 * put in gets lost, because a cart is made of values that merge by themselves: a set of articles, a
 * count, and an address of which the latest counts.
 */
public final class Carts {

    public static final String NAME = "carts";
    public static final String PUT = "PUT";
    public static final String TAKE = "TAKE";

    private Carts() {}

    /**
     * A cart.
     *
     * @param articles what is in it: include and exclude, so both sides' changes stay
     * @param changes how often it was changed: increments of both sides add up
     * @param address where it goes: of two addresses, the one set later
     */
    public record Cart(Set<String> articles, long changes, @Nullable String address) {}

    /** How to serve them. The address is set by the built-in verb {@code update}. */
    public static ServiceConfig<Cart> config() {
        return ServiceConfig.of(NAME, Cart.class).handler(Carts::handle).inline(PUT, TAKE);
    }

    private static @Nullable Object handle(Message message, Turn<Cart> turn) {
        String cart = message.key().toString();
        switch (message.verb()) {
            case PUT -> turn.include(cart + ".articles", article(message));
            case TAKE -> turn.exclude(cart + ".articles", article(message));
            default -> {
                return turn.pass();
            }
        }
        turn.increment(cart + ".changes", 1);
        return null;
    }

    private static String article(Message message) {
        String article = message.body(String.class);
        if (article == null) {
            throw new TuliException(
                    Failure.BAD_REQUEST, message.verb() + " needs the name of an article");
        }
        return article;
    }
}
