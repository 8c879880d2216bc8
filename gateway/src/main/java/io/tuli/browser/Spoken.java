package io.tuli.browser;

/** A session as its WebSocket sees it. All but {@link #run} is used by the session's loop. */
interface Spoken {

    /** Runs on the session's loop: at once where this is it. */
    void run(Runnable task);

    /** A whole text has come. */
    void received(WebSocketWire wire, String text);

    /** The other side is there: it has answered a ping. */
    void ponged();

    /** Whether more of it may be read. */
    boolean hasRoom();

    /** Runs now, or once there is room. */
    void whenRoom(Runnable task);

    /** There is room for more in the WebSocket. */
    void flush();

    /** The WebSocket is gone. */
    void lost(WebSocketWire wire);
}
