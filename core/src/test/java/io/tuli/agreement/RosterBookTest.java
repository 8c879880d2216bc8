package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterBookTest {

    private static final Announcement FIRST =
            new Announcement(1, List.of(new Offer("flights", 256, true, false, "")));
    private static final Announcement SECOND = new Announcement(2, List.of());

    private final Member a = Members.server("a");
    private final Member b = Members.server("b");
    private final Member client = Members.client("client");
    private final RosterBook book = new RosterBook(a.id(), 3);

    @Test
    void aViewNamesWhoJoined() {
        assertThat(book.viewed(List.of(a))).containsExactly(a);
        assertThat(book.viewed(List.of(a, b, client))).containsExactly(b, client);
        assertThat(book.viewed(List.of(a, b))).isEmpty();
        assertThat(book.roster().members()).containsExactly(a, b);
        assertThat(book.roster().number()).isEqualTo(3);
    }

    @Test
    void theSameViewAgainIsNoNews() {
        book.viewed(List.of(a, b));
        book.viewed(List.of(a, b));

        assertThat(book.roster().number()).isEqualTo(1);
    }

    @Test
    void clientsMayBeSilent() {
        book.viewed(List.of(a, client));
        book.announced(a.id(), FIRST);

        assertThat(book.roster().isComplete()).isTrue();
        assertThat(book.silent()).containsExactly(client.id());
    }

    @Test
    void whoIsNoServerServesNothingWhateverItAnnounces() {
        book.viewed(List.of(a, client));
        book.announced(client.id(), FIRST);

        assertThat(book.roster().servers("flights")).isEmpty();
        assertThat(book.roster().serving("flights")).isEmpty();
        assertThat(book.roster().rule("flights")).isEmpty();
        assertThat(book.roster().services()).isEmpty();
        assertThat(book.roster().offer(client.id(), "flights")).isPresent();
    }

    @Test
    void anAnnouncementMayComeBeforeTheView() {
        book.viewed(List.of(a));
        book.announced(b.id(), SECOND);
        book.announced(b.id(), FIRST);

        book.viewed(List.of(a, b));

        assertThat(book.roster().announcements().get(b.id())).isEqualTo(SECOND);
    }

    @Test
    void whatCameBeforeAViewWithoutItsMemberIsForgotten() {
        book.announced(b.id(), FIRST);
        book.viewed(List.of(a));
        book.viewed(List.of(a, b));

        assertThat(book.silent()).containsExactly(a.id(), b.id());
    }

    @Test
    void onlyTheNewestCounts() {
        book.viewed(List.of(a));
        book.announced(a.id(), SECOND);
        long number = book.roster().number();

        book.announced(a.id(), FIRST);
        book.announced(a.id(), SECOND);

        assertThat(book.roster().announcements().get(a.id())).isEqualTo(SECOND);
        assertThat(book.roster().number()).isEqualTo(number);
    }

    @Test
    void whoLeavesAndReturnsIsSilentAgain() {
        book.viewed(List.of(a, b));
        book.announced(b.id(), FIRST);
        book.viewed(List.of(a));

        assertThat(book.viewed(List.of(a, b))).containsExactly(b);
        assertThat(book.silent()).contains(b.id());
    }

    @Test
    void aloneWhatIsAnnouncedIsConfirmed() {
        book.viewed(List.of(a, client));
        book.announced(a.id(), FIRST);

        assertThat(book.roster().confirmed()).isEqualTo(1);
        assertThat(book.owing()).isEmpty();
    }

    @Test
    void everyOtherServerConfirms() {
        Member c = Members.server("c");
        book.viewed(List.of(a, b, c));
        announceAll(a, b, c);

        book.confirmed(b.id(), new Confirmation(1, 1));
        assertThat(book.roster().confirmed()).isZero();
        assertThat(book.owing()).containsExactly(c.id());
        book.confirmed(c.id(), new Confirmation(1, 1));

        assertThat(book.roster().confirmed()).isEqualTo(1);
        assertThat(book.owing()).isEmpty();
    }

    @Test
    void aConfirmationCountsWithWhatItsMemberHadAnnouncedByThen() {
        book.viewed(List.of(a, b));
        announceAll(a, b);

        book.confirmed(b.id(), new Confirmation(1, 2));
        assertThat(book.roster().confirmed()).isZero();
        book.announced(b.id(), SECOND);

        assertThat(book.roster().confirmed()).isEqualTo(1);
    }

    @Test
    void whoIsGoneIsNotWaitedFor() {
        book.viewed(List.of(a, b));
        announceAll(a, b);

        book.viewed(List.of(a));
        assertThat(book.roster().confirmed()).isEqualTo(1);
        book.viewed(List.of(a, b));

        assertThat(book.roster().confirmed()).isEqualTo(1);
        assertThat(book.owing()).containsExactly(b.id());
    }

    @Test
    void whoDoesNotConfirmIsGivenUpUntilItDoes() {
        book.viewed(List.of(a, b));
        announceAll(a, b);

        assertThat(book.waited()).isEmpty();
        assertThat(book.waited()).isEmpty();
        assertThat(book.roster().confirmed()).isZero();
        assertThat(book.waited()).containsExactly(b.id());
        assertThat(book.roster().confirmed()).isEqualTo(1);
        book.announced(a.id(), SECOND);
        assertThat(book.roster().confirmed()).isEqualTo(2);
        book.confirmed(b.id(), new Confirmation(2, 1));
        book.announced(a.id(), new Announcement(3, List.of()));

        assertThat(book.roster().confirmed()).isEqualTo(2);
        assertThat(book.owing()).containsExactly(b.id());
    }

    private void announceAll(Member... members) {
        for (Member member : members) {
            book.announced(member.id(), FIRST);
        }
    }
}
