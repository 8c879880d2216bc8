package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;

/** How what is published leaves. A port: every method returns at once and calls nothing back. */
public interface Delivery {

    /** Whether a frame to the member would leave now: there is a link, and room in it. */
    boolean mayLeave(MemberId to);

    /**
     * Puts a publication on its way, in order; to this member itself it is delivered at once. Lost
     * where it cannot leave.
     */
    void send(MemberId to, Frame.Publish frame);
}
