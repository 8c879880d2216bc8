package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tuli.Refusal;
import io.tuli.http.Request;
import java.util.Locale;

/** Which forms of an answer a client takes. Stateless. */
final class Accepted {

    private Accepted() {}

    /**
     * Requires that JSON is one of them. Whoever wants a page gets JSON, too: a browser's address
     * line asks so.
     *
     * @throws Refusal 406
     */
    static void require(Request request) {
        String accept = request.header(HttpHeaderNames.ACCEPT).toLowerCase(Locale.ROOT);
        if (!accept.isBlank() && !isMet(accept)) {
            throw Refusal.notAcceptable("Answers are application/json");
        }
    }

    private static boolean isMet(String accept) {
        for (String each : accept.split(",")) {
            String range = each.split(";")[0].strip();
            if (isMetBy(range) && !each.replace(" ", "").endsWith(";q=0")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMetBy(String range) {
        return switch (range) {
            case "*/*", "application/*", "application/json", "text/html" -> true;
            default -> range.endsWith("+json");
        };
    }
}
