package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a member says, to whom, and when again. */
class AnnouncementExchangeTest {

    private static final Announcement FIRST =
            new Announcement(1, List.of(new Offer("flights", 256, true, false, "")));
    private static final long REPEAT = 1_000_000_000;
    private static final long ASK = 100;

    private final Member me = Members.server("me");
    private final Member other = Members.server("other");
    private final List<String> said = new ArrayList<>();
    private final AnnouncementExchange exchange =
            new AnnouncementExchange(
                    me.id(), new AnnouncementExchange.Patience(REPEAT, ASK, 3), new Spoken(), 0);

    @Test
    void whoJoinsTellsAll() {
        exchange.viewed(List.of(me, other));
        exchange.settle(0);

        assertThat(said).containsExactly("all 0", "roster 2");
    }

    @Test
    void whoJoinsLaterIsToldAlone() {
        met();

        Member third = Members.server("third");
        exchange.viewed(List.of(me, other, third));
        exchange.settle(0);

        assertThat(said).startsWith("to " + third.id() + " 0");
    }

    @Test
    void whatIsNewGoesToAllAndWantsToBeConfirmed() {
        met();

        exchange.announce(FIRST);
        exchange.settle(0);

        assertThat(said).containsExactly("all 1 wanting", "roster 2");
    }

    @Test
    void aConfirmationComesAfterTheRosterItSpeaksOf() {
        met();

        exchange.announced(other.id(), FIRST, true);
        exchange.settle(0);

        assertThat(said).containsExactly("roster 2", "confirm " + other.id() + " 1");
    }

    @Test
    void whoIsNotInTheViewYetIsConfirmedWhenItIs() {
        exchange.viewed(List.of(me));
        exchange.settle(0);
        exchange.announced(other.id(), FIRST, true);
        exchange.settle(0);
        assertThat(said).noneMatch(word -> word.startsWith("confirm"));

        exchange.viewed(List.of(me, other));
        exchange.settle(0);

        assertThat(said).contains("confirm " + other.id() + " 1");
    }

    @Test
    void whoIsSilentIsAskedAndLessOftenEachTime() {
        exchange.viewed(List.of(me, other));
        exchange.settle(0);
        said.clear();

        List<Long> askedAt = new ArrayList<>();
        for (long now = 0; now < 10 * ASK; now += ASK / 2) {
            exchange.tick(now);
            if (said.remove("ask " + other.id())) {
                askedAt.add(now);
            }
        }

        assertThat(askedAt).containsExactly(ASK, 3 * ASK, 7 * ASK);
    }

    @Test
    void whoDoesNotConfirmIsGivenUpOnce() {
        met();
        exchange.announce(FIRST);
        exchange.settle(0);

        assertThat(exchange.tick(0)).isEmpty();
        assertThat(exchange.tick(0)).isEmpty();
        assertThat(exchange.tick(0)).containsExactly(other.id());
        assertThat(exchange.tick(0)).isEmpty();
    }

    @Test
    void theSameIsRepeated() {
        met();

        exchange.tick(REPEAT - 1);
        assertThat(said).isEmpty();

        exchange.tick(REPEAT);
        assertThat(said).containsExactly("all 0");
    }

    /** Those of cote have a life and a heartbeat each. */
    @Test
    @Tag("COX-5")
    @Tag("FD-17")
    void howMuchIsSaidDoesNotDependOnHowManyServicesThereAre() {
        List<Offer> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(new Offer("service" + i, 256, true, false, ""));
        }
        met();
        exchange.announce(new Announcement(1, many));
        exchange.settle(0);
        exchange.confirmed(other.id(), new Confirmation(1, 0));
        said.clear();

        for (long now = 0; now < 10 * REPEAT; now += REPEAT / 4) {
            exchange.tick(now);
        }

        assertThat(said).hasSize(10).containsOnly("roster 2", "all 1");
    }

    /** Both have heard each other, and nothing is owed. */
    private void met() {
        exchange.viewed(List.of(me, other));
        exchange.announced(other.id(), Announcement.NOTHING, false);
        exchange.settle(0);
        said.clear();
    }

    /** What it says, as words. */
    private final class Spoken implements AnnouncementExchange.Port {

        private static String text(Announcement mine, boolean isWanting) {
            return mine.version() + (isWanting ? " wanting" : "");
        }

        @Override
        public void announceToAll(Announcement mine, boolean isWanting) {
            said.add("all " + text(mine, isWanting));
        }

        @Override
        public void announce(MemberId to, Announcement mine, boolean isWanting) {
            said.add("to " + to + " " + text(mine, isWanting));
        }

        @Override
        public void confirm(MemberId to, Confirmation confirmation) {
            said.add("confirm " + to + " " + confirmation.heard());
        }

        @Override
        public void ask(MemberId to) {
            said.add("ask " + to);
        }

        @Override
        public void changed(Roster next) {
            said.add("roster " + next.members().size());
        }
    }
}
