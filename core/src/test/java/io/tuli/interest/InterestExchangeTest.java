package io.tuli.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-35: interest is state; and what one member may want. */
@Tag("PT-35")
class InterestExchangeTest {

    private static final long SECOND = 1_000_000_000;
    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId OTHER = new MemberId(2, 2);

    private final List<Frame.OfSubjects> sent = new ArrayList<>();
    private final PublishCore core = new PublishCore(setting(SELF), new Kept());
    private long now = 1;

    private class Kept implements PublishCore.Ports {

        @Override
        public boolean mayLeave(MemberId to) {
            return true;
        }

        @Override
        public boolean isWritable(MemberId to) {
            return true;
        }

        @Override
        public void send(MemberId to, Frame.OfSubjects frame) {
            sent.add(frame);
        }
    }

    private static PublishCore.Setting setting(MemberId self) {
        return new PublishCore.Setting(self, true, 7, other -> false);
    }

    private PublishCore.Ticket subscribe(String pattern, String group) {
        return core.subscribe(
                ModelMember.SERVICE,
                List.of(pattern),
                new ModelMember.Ear(null, pattern, group),
                now);
    }

    private static Frame.Interest interest(long version, long base, InterestItem... items) {
        return new Frame.Interest(version, base, true, false, List.of(items));
    }

    private static InterestItem item(String pattern, int count) {
        return new InterestItem(ModelMember.SERVICE, pattern, "", false, count);
    }

    private int publish(String subject) {
        return core.publish(core.routes(ModelMember.SERVICE), ModelMember.publication(subject, 1));
    }

    @Test
    void aChangeOfWhatIsNotThereIsNotTakenAndAllIsAskedFor() {
        core.linkUp(OTHER, true, now);
        core.received(OTHER, interest(3, 0, item("a", 1)), now);
        core.received(OTHER, interest(5, 4, item("b", 1)), now);

        assertThat(sent)
                .containsExactly(
                        new Frame.InterestKnown(3, false), new Frame.InterestKnown(3, true));
        assertThat(publish("a")).isOne();
        assertThat(publish("b")).isZero();
        core.received(OTHER, interest(5, 0, item("b", 1)), now);
        assertThat(publish("a")).isZero();
        assertThat(publish("b")).isOne();
    }

    @Test
    void theVersionIsRepeatedOnceASecondSoThatWhatWasLostIsNoticed() {
        core.linkUp(OTHER, true, now);
        subscribe("a", "");
        sent.clear();

        core.tick(now + SECOND);

        assertThat(sent).containsExactly(interest(1, 1));
        core.received(OTHER, new Frame.InterestKnown(0, true), now);
        sent.clear();
        core.tick(now + 2 * SECOND);
        assertThat(sent).containsExactly(interest(1, 0, item("a", 1)));
    }

    @Test
    void changesOfAMomentAreToldTogether() {
        core.linkUp(OTHER, true, now);
        subscribe("a", "");
        sent.clear();
        for (int i = 0; i < 100; i++) {
            subscribe("b" + i % 2, "");
        }
        assertThat(sent).isEmpty();

        core.tick(now + 20_000_000);

        assertThat(sent).containsExactly(interest(2, 1, item("b0", 50), item("b1", 50)));
    }

    @Test
    void whoAlwaysAsksForAllGetsItTenTimesASecondAtMost() {
        core.linkUp(OTHER, true, now);
        subscribe("a", "");
        sent.clear();
        for (int i = 0; i < 1_000; i++) {
            now += 1_000_000;
            core.received(OTHER, new Frame.InterestKnown(0, true), now);
            core.tick(now);
        }
        assertThat(sent).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void aMemberTellsAThousandPatternsOfAServiceAndThenThatItWantsAll() {
        core.linkUp(OTHER, true, now);
        List<PublishCore.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            tickets.add(subscribe("s." + i, ""));
        }

        assertThat(tickets.get(999).isWidened()).isFalse();
        assertThat(tickets.get(1_000).isWidened()).isTrue();
        assertThatThrownBy(() -> subscribe("s.x", "group"))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        full -> assertThat(full.failure()).isEqualTo(Failure.TOO_LARGE))
                .hasMessageContaining("fewer, wider");
        sent.clear();
        core.tick(now + SECOND);
        assertThat(itemsIn(sent)).contains(item(">", 500)).hasSizeLessThanOrEqualTo(1_002);
        assertThat(publish("s.1400")).isOne();
        tickets.forEach(ticket -> core.unsubscribe(ticket, now));
        assertThat(publish("s.1")).isZero();
        assertThat(publish("s.1400")).isZero();
    }

    private static List<InterestItem> itemsIn(List<Frame.OfSubjects> frames) {
        List<InterestItem> items = new ArrayList<>();
        for (Frame.OfSubjects frame : frames) {
            if (frame instanceof Frame.Interest told) {
                assertThat(told.items()).hasSizeLessThanOrEqualTo(256);
                items.addAll(told.items());
            }
        }
        return items;
    }

    @Test
    @Tag("NC-04")
    @Tag("PT-34")
    void ofAGroupAMemberOfThisMachineIsPickedBeforeOthers() {
        MemberId far = new MemberId(3, 3);
        List<MemberId> to = new ArrayList<>();
        Kept ports =
                new Kept() {
                    @Override
                    public void send(MemberId member, Frame.OfSubjects frame) {
                        if (frame instanceof Frame.Publish) {
                            to.add(member);
                        }
                    }
                };
        PublishCore here =
                new PublishCore(new PublishCore.Setting(SELF, true, 7, OTHER::equals), ports);
        InterestItem wanted = new InterestItem(ModelMember.SERVICE, "a", "group", false, 1);
        for (MemberId each : List.of(far, OTHER)) {
            here.linkUp(each, true, now);
            here.received(each, interest(1, 0, wanted), now);
        }

        publishTen(here);
        assertThat(to).hasSize(10).containsOnly(OTHER);

        here.forget(OTHER, now);
        publishTen(here);
        assertThat(to.subList(10, 20)).containsOnly(far);
    }

    private static void publishTen(PublishCore by) {
        for (int i = 0; i < 10; i++) {
            by.publish(by.routes(ModelMember.SERVICE), ModelMember.publication("a", i));
        }
    }

    @Test
    void whatNoHonestMemberWantsEndsItsLink() {
        core.linkUp(OTHER, true, now);
        for (String odd : List.of("", "a..b", "a b", "$SYS", "*.*.*.*.*", ">.a")) {
            assertThatThrownBy(() -> core.received(OTHER, interest(1, 0, item(odd, 1)), now))
                    .isInstanceOf(InvalidFrameException.class);
        }
        InterestItem many = item("a", InterestExchange.COUNT_MAX + 1);
        assertThatThrownBy(() -> core.received(OTHER, interest(1, 0, many), now))
                .isInstanceOf(InvalidFrameException.class);
        assertThatThrownBy(this::wantTooMuch).isInstanceOf(InvalidFrameException.class);
    }

    private void wantTooMuch() {
        long version = 1;
        core.received(OTHER, interest(version, 0), now);
        for (int i = 0; i <= 2 * InterestExchange.PATTERNS_MAX; i++, version++) {
            core.received(OTHER, interest(version + 1, version, item("p" + i, 1)), now);
        }
    }

    @Test
    @Tag("PT-36")
    void whatWasRelayedIsNotRelayedAgainAndAPatternIsNoSubject() {
        Route.Part all = Route.Part.ALL;
        Route.Origin other = new Route.Origin(new MemberId(3, 3), 1);
        Route relayedAgain = new Route(all, all, other, 0, 0);
        assertThatThrownBy(() -> core.received(OTHER, published(relayedAgain, "a"), now))
                .isInstanceOf(InvalidFrameException.class)
                .hasMessageContaining("not relayed again");
        assertThatThrownBy(() -> core.received(OTHER, published(Route.PLAIN, "a.*"), now))
                .isInstanceOf(InvalidFrameException.class);
    }

    private static Frame.Publish published(Route route, String subject) {
        return new Frame.Publish(
                route, 0, new Publication(ModelMember.SERVICE, subject, Payload.NULL));
    }
}
