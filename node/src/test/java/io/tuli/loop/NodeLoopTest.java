package io.tuli.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.codec.JsonDocuments;
import io.tuli.handler.ReplyStreams;
import io.tuli.member.MemberRequests;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import io.tuli.service.ServiceBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order a loop does what others leave for it and what happens on its own links. */
class NodeLoopTest {

    private static final MemberId SELF = new MemberId(1, 1);

    private final EventLoop thread = new DefaultEventLoop();
    private final NodeLoop loop = new NodeLoop(0, thread, context());

    @AfterEach
    void ends() {
        assertThat(thread.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000))
                .isTrue();
    }

    /**
     * Else a loop that hears late of a link of another loop, which has come and gone, would take it
     * for newer than the one that has just come on its own, and have none in the end.
     */
    @Test
    void whatOthersHaveLeftForItComesBeforeWhatHappensOnItsOwnLinks() throws Exception {
        List<String> done = new ArrayList<>();

        thread.submit(
                        () -> {
                            loop.post(() -> done.add("an older link was up"));
                            loop.post(() -> done.add("it went down"));
                            loop.run(() -> done.add("a newer one is up"));
                        })
                .get(10, TimeUnit.SECONDS);

        assertThat(done)
                .containsExactly("an older link was up", "it went down", "a newer one is up");
    }

    private static LoopContext context() {
        return new LoopContext(
                SELF,
                Limits.defaults(),
                new JsonDocuments(),
                new Loops(1),
                new ServiceBook(),
                new NoRequests(),
                new ReplyStreams((to, frame) -> {}, Duration.ofSeconds(1)),
                (emitted, id) -> {},
                broken -> {},
                LoopJournal.NONE);
    }

    private static final class NoRequests implements MemberRequests {

        @Override
        public void asked(MemberId from, Frame.Ask ask) {}

        @Override
        public void credited(MemberId from, Frame.Credit credit) {}

        @Override
        public void denied(MemberId from, Frame.Denied denied) {}

        @Override
        public void membership(MemberId from, Frame.OfMembership frame) {}

        @Override
        public void cancelled(MemberId from, Frame.Cancel cancel) {}

        @Override
        public void tunnelled(MemberId from, TunnelFrame frame) {}

        @Override
        public void ofSubjects(MemberId from, Frame.OfSubjects frame, long now) {}

        @Override
        public long nextShared(int service, String versions) {
            return 0;
        }

        @Override
        public void tick(long now) {}
    }
}
