package io.tuli.transport;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.handshake.Audit;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import java.util.concurrent.TimeUnit;

/**
 * Answers requests that the role of whoever sends them does not allow, before anybody else sees
 * them. Who goes on asking all the same is closed. Loop-confined.
 */
final class Denials {

    static final int MINUTELY_MAX = 100;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Link link;
    private long minuteNanos = System.nanoTime();
    private int inMinute;

    Denials(Link link) {
        this.link = link;
    }

    void deny(Frame frame) {
        link.audit(Audit.Kind.DENY, described(frame));
        long now = System.nanoTime();
        if (now - minuteNanos > MINUTE_NANOS) {
            minuteNanos = now;
            inMinute = 0;
        }
        if (++inMinute > MINUTELY_MAX) {
            link.refuse(
                    Refusal.FORBIDDEN_FRAME,
                    "who is denied must not go on asking: role="
                            + link.role().text()
                            + " in a minute="
                            + inMinute);
            return;
        }
        switch (frame) {
            case Frame.Request request -> answer(request.call(), request.verb());
            case Frame.Ask ask -> answer(ask.call(), ask.verb());
            default -> {} // nothing else has an answer
        }
    }

    private void answer(long call, String verb) {
        link.send(
                new Frame.Result(
                        call,
                        Outcome.FAILED,
                        Failure.NOT_AUTHORISED,
                        "the role of who asks must allow it: role="
                                + link.role().text()
                                + " verb="
                                + verb
                                + "; join in a role that does, if your credentials are for one",
                        LogPosition.START,
                        0,
                        false,
                        Payload.NONE));
    }

    /** What was asked, without a key or a value. */
    String described(Frame frame) {
        String name = frame.getClass().getSimpleName();
        return switch (frame) {
            case Frame.Request request ->
                    "frame="
                            + name
                            + " service="
                            + hex(request.service())
                            + " verb="
                            + safe(request.verb());
            case Frame.Ask ask ->
                    "frame="
                            + name
                            + " service="
                            + hex(ask.service())
                            + " verb="
                            + safe(ask.verb());
            default -> "frame=" + name;
        };
    }

    private static String hex(int service) {
        return Integer.toHexString(service);
    }

    /** A verb is a stranger's text: no line of the log ends in it. */
    private static String safe(String verb) {
        StringBuilder shown = new StringBuilder();
        verb.chars().limit(40).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }
}
