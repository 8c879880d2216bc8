package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.agreement.Offer;
import io.tuli.bytes.MalformedException;
import io.tuli.error.Excerpt;
import io.tuli.error.Printable;
import io.tuli.error.Require;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InvalidFrameException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever others call themselves, their keys and their services: no text of ours obeys it. */
class ForeignTextTest {

    private static final String FOREIGN =
            "a\u001b]0;owned\u0007\r\nERROR forged\u202e\u009b2J\u2028\u0085b";

    private static final Member MEMBER =
            new Member(new MemberId(1, 2), FOREIGN, Member.Role.SERVER, FOREIGN, 7);

    @Test
    void everyTextForPeopleIsPrintedOnOneLine() {
        List<String> texts = new ArrayList<>();
        texts.add(MEMBER.name());
        texts.add(MEMBER.host());
        texts.add(MEMBER.address());
        texts.add(MEMBER.toString());
        MeshEvent event =
                MeshEvent.of(MeshEvent.Kind.LINK_REFUSED, "why: " + FOREIGN)
                        .member(MEMBER)
                        .key(Key.of(FOREIGN))
                        .address(FOREIGN);
        texts.add(event.text());
        texts.add(event.subject());
        texts.add(event.address().orElseThrow());
        texts.add(event.toString());
        texts.add(Excerpt.of(Key.of(FOREIGN)));
        texts.add(Excerpt.detail(FOREIGN));
        texts.add(Message.of(FOREIGN).key(Key.of(FOREIGN)).toString());
        texts.add(messageOf(() -> Require.argument(false, "a rule", FOREIGN)));
        texts.add(new MalformedException(FOREIGN).getMessage());
        texts.add(new InvalidFrameException(FOREIGN).getMessage());
        texts.add(
                new Frame.Result(
                                1,
                                Outcome.FAILED,
                                Failure.BAD_REQUEST,
                                FOREIGN,
                                LogPosition.START,
                                0,
                                false,
                                Payload.NONE)
                        .detail());

        assertThat(texts).allMatch(Printable::isLine);
    }

    private static String messageOf(Runnable refused) {
        try {
            refused.run();
            return "";
        } catch (RuntimeException thrown) {
            return String.valueOf(thrown.getMessage());
        }
    }

    @Test
    void anExceptionOfACallGivesNoOrders() {
        TuliException thrown = new TuliException(Failure.BAD_REQUEST, "one\ntwo" + FOREIGN);

        assertThat(thrown.getMessage()).startsWith("one\ntwo").doesNotContain("\u001b", "\u202e");
        assertThat(thrown.toString()).isEqualTo(Printable.of(thrown.toString()));
    }

    @Test
    void aServiceIsNotCalledWhatNoServiceCanBeCalled() {
        assertThatThrownBy(() -> new Offer(FOREIGN, 1, true, false, ""))
                .hasMessageContaining("a service name is")
                .message()
                .matches(Printable::isLine);
        assertThatThrownBy(() -> new Offer("things", 1, true, false, FOREIGN))
                .hasMessageContaining("a settings digest")
                .message()
                .matches(Printable::isLine);
    }
}
