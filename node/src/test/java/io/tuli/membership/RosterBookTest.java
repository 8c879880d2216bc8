package io.tuli.membership;

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
    private final RosterBook book = new RosterBook();

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
}
