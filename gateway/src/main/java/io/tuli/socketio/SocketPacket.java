package io.tuli.socketio;

import io.tuli.error.Require;

/**
 * A packet of Socket.IO 5 (github.com/socketio/socket.io-protocol) as a client sends it: a digit
 * for its type, {@code /namespace,} unless it is the main one, the number of its acknowledgement,
 * JSON. Binary is refused.
 *
 * @param namespace {@code /} for the main one
 * @param acknowledgement digits; empty where none is wanted
 * @param json empty where there is none
 */
record SocketPacket(Type type, String namespace, String acknowledgement, String json) {

    static final String MAIN = "/";

    private static final int NAMESPACE_MAX = 120;
    private static final int ACKNOWLEDGEMENT_MAX = 18;

    /** What a client may send, by its digit. */
    enum Type {
        CONNECT,
        DISCONNECT,
        EVENT
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none
     */
    static SocketPacket of(String text) {
        int digit = text.isEmpty() ? -1 : text.charAt(0) - '0';
        Type[] types = Type.values();
        Require.argument(digit >= 0 && digit < types.length, "a packet is of type 0, 1 or 2", text);
        int at = 1;
        String namespace = MAIN;
        if (text.startsWith(MAIN, at)) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            Require.argument(
                    end - at <= NAMESPACE_MAX, "a namespace has at most 120 characters", end - at);
            namespace = withoutQuery(text.substring(at, end));
            at = comma < 0 ? end : comma + 1;
        }
        int digits = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        Require.argument(
                at - digits <= ACKNOWLEDGEMENT_MAX,
                "an acknowledgement has at most 18 digits",
                at - digits);
        return new SocketPacket(
                types[digit], namespace, text.substring(digits, at), text.substring(at));
    }

    private static String withoutQuery(String namespace) {
        int query = namespace.indexOf('?');
        return query < 0 ? namespace : namespace.substring(0, query);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** How packets to a namespace begin: type, and the namespace unless it is the main one. */
    static String head(int type, String namespace) {
        return namespace.equals(MAIN) ? String.valueOf(type) : type + namespace + ",";
    }
}
