package io.tuli.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import org.junit.jupiter.api.Test;

/** What a loop knows of the links to other members. */
class LinkTableTest {

    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId OTHER = new MemberId(2, 2);
    private static final MemberId THIRD = new MemberId(3, 3);

    private final LinkTable<Told> links = new LinkTable<>(SELF);

    @Test
    void theEndOfAnOlderLinkChangesNothing() {
        Told older = new Told(true, 10);
        Told newer = new Told(true, 20);
        links.up(OTHER, older);
        links.up(OTHER, newer);

        assertThat(links.down(OTHER, older)).isFalse();
        assertThat(links.find(OTHER)).isSameAs(newer);
        assertThat(links.down(OTHER, newer)).isTrue();
        assertThat(links.find(OTHER)).isNull();
    }

    @Test
    void aLinkThatWasFoundFullIsClosedUntilItIsToldThatThereIsRoom() {
        Told link = new Told(true, 10);
        links.up(OTHER, link);
        link.isFull = true;
        assertThat(links.isOpen(OTHER)).isFalse();
        link.isFull = false;

        assertThat(links.isOpen(OTHER)).isFalse();
        assertThat(links.isWritable(OTHER)).isTrue();
        links.writable(OTHER);
        assertThat(links.isOpen(OTHER)).isTrue();
    }

    @Test
    void aMessageIsAsLongAsTheServerTakesThatTakesLeast() {
        links.up(OTHER, new Told(true, 20));
        links.up(THIRD, new Told(false, 5));
        assertThat(links.messageBytesMax()).isEqualTo(20);

        links.up(THIRD, new Told(true, 5));
        assertThat(links.messageBytesMax()).isEqualTo(5);
    }

    private static final class Told implements LinkTable.Way {
        private final boolean isServer;
        private final int messageBytes;
        private boolean isFull;

        Told(boolean isServer, int messageBytes) {
            this.isServer = isServer;
            this.messageBytes = messageBytes;
        }

        @Override
        public boolean isToServer() {
            return isServer;
        }

        @Override
        public boolean isWritable() {
            return !isFull;
        }

        @Override
        public int messageBytes() {
            return messageBytes;
        }
    }
}
