package io.tuli.invoke;

import java.util.concurrent.Executor;

/**
 * A client's connection, or a session of several: where its calls are answered, and how many are in
 * flight. Its loop writes it.
 */
public final class Connection {

    private final String provider;
    private final String address;
    private final Executor loop;
    private final int callsMax;
    private final InFlight inFlight;

    /** How many calls there are; one for all who share a connection. */
    private static final class InFlight {
        private int calls;
    }

    /**
     * A new one without calls.
     *
     * @param provider what services are told it is: {@code rest}, {@code socketio}
     * @param address of the other end, without port
     * @param loop runs one task after the other; all of the connection's calls are made and
     *     answered there
     * @param callsMax so many may be in flight
     */
    public Connection(String provider, String address, Executor loop, int callsMax) {
        this.provider = provider;
        this.address = address;
        this.loop = loop;
        this.callsMax = callsMax;
        this.inFlight = new InFlight();
    }

    private Connection(Connection carrying, String address) {
        this.provider = carrying.provider;
        this.address = address;
        this.loop = carrying.loop;
        this.callsMax = carrying.callsMax;
        this.inFlight = carrying.inFlight;
    }

    /** The same for one of the clients whose requests come by it. */
    public Connection of(String client) {
        return client.equals(address) ? this : new Connection(this, client);
    }

    public String provider() {
        return provider;
    }

    public String address() {
        return address;
    }

    public Executor loop() {
        return loop;
    }

    int callsMax() {
        return callsMax;
    }

    /** One call more; false where there are as many as may be. */
    boolean begin() {
        if (inFlight.calls >= callsMax) {
            return false;
        }
        inFlight.calls++;
        return true;
    }

    /** One call less. */
    void end() {
        inFlight.calls--;
    }
}
