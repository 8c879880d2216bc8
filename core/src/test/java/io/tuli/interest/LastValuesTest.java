package io.tuli.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** PT-39: what one member keeps, and how it is read. */
class LastValuesTest {

    private final LastValues last = new LastValues();
    private long micros;

    private void keep(String subject, Payload body) {
        last.keep(new Publication(7, subject, body).kept(++micros));
    }

    private List<String> read(String pattern, long bytesMost) {
        List<String> read = new ArrayList<>();
        String after = "";
        do {
            LastValues.Page page = last.page(List.of(pattern), after, bytesMost);
            assertThat(page.values().size()).isLessThanOrEqualTo(LastValues.PAGE_MAX);
            page.values().forEach(each -> read.add(each.subject() + "=" + each.body()));
            after = page.next();
        } while (!after.isEmpty());
        return read;
    }

    @Test
    void theLastOfEachSubjectIsReadPageByPageWhateverTheSizeOfAPage() {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Payload> model = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String subject = "eu.s" + random.nextInt(900) + (random.nextBoolean() ? ".price" : "");
            Payload body = random.nextInt(5) == 0 ? Payload.NONE : Payload.json("" + i);
            keep(subject, body);
            if (body.isNone()) {
                model.remove(subject);
            } else {
                model.put(subject, body);
            }
        }

        for (String pattern : List.of(">", "eu.*.price", "eu.*", "eu.s17.price", "us.>")) {
            List<String> expected =
                    model.entrySet().stream()
                            .filter(each -> SubjectsTest.fits(pattern, each.getKey()))
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .sorted()
                            .toList();
            for (long bytesMost : List.of(0L, 1_000L, 1_000_000L)) {
                assertThat(read(pattern, bytesMost).stream().sorted()).isEqualTo(expected);
            }
        }
    }

    @Test
    void oneSubjectMoreThanThereMayBeIsRefusedAndNoneIsForgottenForIt() {
        for (int i = 0; i < LastValues.SUBJECTS_MAX; i++) {
            keep("s." + i, Payload.json("1"));
        }

        refused("one.more", Payload.json("1"));
        keep("s.7", Payload.json("2"));
        keep("s.8", Payload.NONE);
        keep("one.more", Payload.json("1"));

        assertThat(last.size()).isEqualTo(LastValues.SUBJECTS_MAX);
        assertThat(read("s.7", 1_000)).containsExactly("s.7=2");
        assertThat(read("s.8", 1_000)).isEmpty();
    }

    @Test
    void moreBytesThanThereMayBeAreRefusedAndWhatIsForgottenMakesRoom() {
        Payload quarter = Payload.opaque(new byte[(int) (LastValues.BYTES_MAX / 4) - 1_000]);
        for (int i = 0; i < 4; i++) {
            keep("s." + i, quarter);
        }

        refused("one.more", quarter);
        keep("s.0", Payload.json("1"));
        keep("one.more", quarter);
        refused("s.0", quarter);
        assertThat(read("s.0", 1)).as("what was there stays").containsExactly("s.0=1");
    }

    private void refused(String subject, Payload body) {
        assertThatThrownBy(() -> keep(subject, body))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        full -> assertThat(full.failure()).isEqualTo(Failure.OVERLOADED))
                .hasMessageContaining("the last of at most 10000 subjects");
    }

    @Test
    void aSubjectFitsAPatternAsTheTrieSays() {
        SplittableRandom random = new SplittableRandom(2);
        String[] tokens = {"a", "b", "ab", "*", ">"};
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, tokens, 5);
            String subject = text(random, tokens, 3);
            if (Subjects.patternProblem(pattern) == null
                    && Subjects.subjectProblem(subject) == null) {
                assertThat(Subjects.fits(pattern, subject))
                        .as("%s %s", pattern, subject)
                        .isEqualTo(SubjectsTest.fits(pattern, subject));
            }
        }
    }

    private static String text(SplittableRandom random, String[] tokens, int different) {
        StringBuilder text = new StringBuilder(tokens[random.nextInt(different)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append('.').append(tokens[random.nextInt(different)]);
        }
        return text.toString();
    }
}
