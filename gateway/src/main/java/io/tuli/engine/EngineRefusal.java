package io.tuli.engine;

/** Why a request is not taken: 400 with a code and a text, unless a status says more. */
public enum EngineRefusal {
    TRANSPORT_UNKNOWN(0, 400, "Transport unknown"),
    SESSION_UNKNOWN(1, 400, "Session ID unknown"),
    BAD_HANDSHAKE_METHOD(2, 400, "Bad handshake method"),
    BAD_REQUEST(3, 400, "Bad request"),
    FORBIDDEN(4, 403, "Forbidden"),
    VERSION_UNKNOWN(5, 400, "Unsupported protocol version"),
    /** This address has as many connections as one may have. */
    TOO_MANY_OF_ADDRESS(4, 429, "Too many connections of this address"),
    /** The gateway has as many connections as it takes. */
    TOO_MANY(4, 503, "Too many connections"),
    /** The gateway is about to end. */
    CLOSING(4, 503, "Closing: connect again");

    private final int code;
    private final int status;
    private final String text;

    EngineRefusal(int code, int status, String text) {
        this.code = code;
        this.status = status;
        this.text = text;
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** The answer's body. */
    public String json() {
        return "{\"code\":" + code + ",\"message\":\"" + text + "\"}";
    }
}
