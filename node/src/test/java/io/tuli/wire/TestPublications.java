package io.tuli.wire;

import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.List;

/** Of the frames about subjects one of each type, with fixed content. */
public final class TestPublications {

    private static final int SERVICE = 0x5e551045;

    private TestPublications() {}

    /** To somebody for whom it is so. */
    public static Frame publish(Route route) {
        return new Frame.Publish(
                route, 300, new Publication(SERVICE, "eu.milan.price", Payload.json("{\"a\":1}")));
    }

    /** To a server that is to relay it, and to somebody it was relayed to. */
    public static Frame published(boolean isRelayed) {
        Route.Part groups = new Route.Part(true, List.of("mailer", "audit"));
        Route.Part there = isRelayed ? Route.Part.NOBODY : new Route.Part(false, List.of("mailer"));
        MemberId by = new MemberId(1, 0x1122334455667788L);
        return publish(new Route(groups, there, new Route.Origin(by, 300), 9, 1_000));
    }

    /** One that is kept, one that has come from other meshes, and one that is both. */
    public static List<Frame> marked() {
        return List.of(
                marked(1_700_000_000_000_001L, List.of()),
                marked(0, List.of("shop", "eu")),
                marked(300, List.of("shop")));
    }

    private static Frame marked(long keptMicros, List<String> via) {
        Payload body = Payload.json("{\"a\":1}");
        return new Frame.Publish(
                Route.PLAIN,
                300,
                new Publication(SERVICE, "eu.milan.price", body, keptMicros, via));
    }

    static List<Frame> ofEachType() {
        InterestItem plain = new InterestItem(SERVICE, "eu.*.price", "", false, 2);
        InterestItem gone = new InterestItem(SERVICE, "eu.>", "mailer", false, 0);
        return List.of(
                new Frame.Interest(300, 299, true, true, List.of(plain, gone)),
                new Frame.InterestKnown(300, false),
                publish(Route.PLAIN),
                new Frame.Heard(9, 3));
    }
}
