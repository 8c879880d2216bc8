package io.tuli.invoke;

import io.tuli.Refusal;
import io.tuli.Resource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which services a caller may use, and how. Immutable.
 *
 * @param byService {@code r} to read and hear, {@code w} for all else, {@code rw} for both; the
 *     service {@code *} is every other. Null where everything may be used
 */
public record Rights(@Nullable Map<String, String> byService) {

    /** Of whoever has no token that says less. */
    public static final Rights ALL = new Rights(null);

    private static final String EVERY = "*";
    private static final char READ = 'r';
    private static final char WRITE = 'w';

    public Rights {
        byService = byService == null ? null : Map.copyOf(byService);
    }

    /** Whether what is told of a service may be heard. */
    public boolean mayRead(String service) {
        return has(service, READ);
    }

    private boolean has(String service, char right) {
        return byService == null || of(byService, service).indexOf(right) >= 0;
    }

    private static String of(Map<String, String> known, String service) {
        String said = known.get(service);
        return said == null ? known.getOrDefault(EVERY, "") : said;
    }

    /**
     * Requires that a method of a service may be called.
     *
     * @throws Refusal 403
     */
    void require(String service, String method) {
        boolean isReading = method.equals(Resource.FIND) || method.equals(Resource.GET);
        if (!has(service, isReading ? READ : WRITE)) {
            throw Refusal.forbidden("The token is not for this");
        }
    }

    /** Whether these are rights as they are written. */
    public static boolean isRights(String text) {
        return text.equals("r") || text.equals("w") || text.equals("rw");
    }
}
