package io.tuli.browser;

import io.tuli.engine.Packet;

/** A session as it hears events. Used by its loop. */
interface Hearer extends Timed {

    /** Whether its token, if it has one, is for that service. */
    boolean mayHear(String service);

    /** Tells an event of a service, if it is connected to the namespace. */
    void tell(String namespace, Packet event);
}
