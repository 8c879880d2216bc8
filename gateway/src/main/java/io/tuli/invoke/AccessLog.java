package io.tuli.invoke;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each request that has been answered, to the logger {@code tuli.access} at level info:
 * who asked, for what, how it ended and how long it took. Neither ids nor queries, bodies, headers
 * or tokens are in it, and no text of a client's can look like another field or another line.
 * Stateless; costs nothing where that level is off.
 */
public final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("tuli.access");
    private static final String PLAIN = "/_.~:@+-";
    private static final int CHARS_MAX = 100;
    private static final String NOBODY = "-";

    private AccessLog() {}

    public static boolean isOn() {
        return LOG.isInfoEnabled();
    }

    /**
     * What has been answered.
     *
     * @param address of who asked
     * @param how the method of HTTP, or the transport
     * @param what the path of a service, a method
     * @param status of HTTP, or what would be it
     * @param by as whom the client has logged in
     * @param trace its id; {@code -} for none
     */
    public record Line(
            String address,
            String how,
            String what,
            int status,
            long nanos,
            Caller by,
            String trace) {}

    public static void write(Line line) {
        LOG.info(
                "{} {} {} {} micros={} user={} trace={}",
                line.address,
                plain(line.how),
                plain(line.what),
                line.status,
                line.nanos / 1_000,
                line.by.isAnonymous() ? NOBODY : plain(String.valueOf(line.by.claims().get("sub"))),
                line.trace);
    }

    /** Letters, digits and a few signs as they are, the rest as percent and its bytes. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char sign = (char) (each & 0xff);
            boolean isPlain =
                    sign < 128 && (Character.isLetterOrDigit(sign) || PLAIN.indexOf(sign) >= 0);
            if (plain.length() > CHARS_MAX) {
                return plain.append("~").toString();
            }
            if (isPlain) {
                plain.append(sign);
            } else {
                plain.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return plain.isEmpty() ? NOBODY : plain.toString();
    }
}
