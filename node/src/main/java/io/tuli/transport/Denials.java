package io.tuli.transport;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.handshake.Audit;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Answers requests that the role of whoever sends them does not allow, before anybody else sees
 * them. Who goes on asking all the same is closed. Loop-confined.
 */
final class Denials {

    static final int MINUTELY_MAX = 100;
    private static final int TOLD_MAX = 1_024;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Link link;
    private long minuteNanos = System.nanoTime();
    private int inMinute;
    private final Map<Integer, Long> toldNanos = new HashMap<>();

    Denials(Link link) {
        this.link = link;
    }

    void deny(Frame frame) {
        if (frame instanceof Frame.Follow follow) {
            tell(follow.service(), follow);
            return;
        }
        if (frame instanceof Frame.Publish publish) {
            tell(publish.publication().service(), publish);
            return;
        }
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
            case Frame.Request request -> answer(request.call(), frame);
            case Frame.Ask ask -> answer(ask.call(), frame);
            default -> {} // nothing else has an answer
        }
    }

    /** A replica asks for each of its partitions, and again: it is told once a second. */
    private void tell(int service, Frame frame) {
        long now = System.nanoTime();
        Long told = toldNanos.get(service);
        boolean isDue = told == null ? toldNanos.size() < TOLD_MAX : now - told > SECOND_NANOS;
        if (isDue) {
            toldNanos.put(service, now);
            link.audit(Audit.Kind.DENY, described(frame));
            link.send(new Frame.Denied(service, link.access().why(frame)));
        }
    }

    /** As to follow: who wants to hear what is published of a service follows it. */
    void denyToHear(int service) {
        LogPosition start = LogPosition.START;
        tell(service, new Frame.Follow(service, 0, Epoch.ZERO, start, start, false));
    }

    private void answer(long call, Frame frame) {
        link.send(
                new Frame.Result(
                        call,
                        Outcome.FAILED,
                        Failure.NOT_AUTHORISED,
                        link.access().why(frame)
                                + "; join in a role that does, if your credentials are for one, or"
                                + " have a rule or a token for it:",
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
                            + link.access().nameOf(request.service())
                            + " verb="
                            + safe(request.verb());
            case Frame.Ask ask ->
                    "frame="
                            + name
                            + " service="
                            + link.access().nameOf(ask.service())
                            + " verb="
                            + safe(ask.verb());
            case Frame.Follow follow ->
                    "frame=" + name + " service=" + link.access().nameOf(follow.service());
            case Frame.Publish publish ->
                    "frame="
                            + name
                            + " service="
                            + link.access().nameOf(publish.publication().service());
            default -> "frame=" + name;
        };
    }

    /** A verb is a stranger's text: no line of the log ends in it. */
    private static String safe(String verb) {
        StringBuilder shown = new StringBuilder();
        verb.chars().limit(40).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }
}
