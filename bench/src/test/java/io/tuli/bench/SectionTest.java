package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.run.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SectionTest {

    @Test
    void eachHasItsPlaceOnThePageAndEachPlaceItsTable() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "performance.md"));
        List<String> names = Section.ALL.stream().map(Section::name).toList();

        assertThat(marks(page, "<!-- ([a-z-]+) -->\n")).containsExactlyInAnyOrderElementsOf(names);
        assertThat(marks(page, "<!-- end of ([a-z-]+) -->\n"))
                .containsExactlyElementsOf(marks(page, "<!-- ([a-z-]+) -->\n"));
    }

    private static List<String> marks(String page, String pattern) {
        return Pattern.compile(pattern).matcher(page).results().map(each -> each.group(1)).toList();
    }

    @Test
    void eachFollowsTheMethodAndKnowsItsOptions() {
        for (Section each : Section.ALL) {
            Options options = Options.parse(each.arguments());

            assertThat(options.number("warmup")).as(each.name()).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void oneWordMeansAllTablesOfASweep() {
        assertThat(Section.ALL.stream().filter(each -> each.isMeantBy("sweep"))).hasSize(4);
        assertThat(Section.ALL.stream().filter(each -> each.isMeantBy("compare"))).hasSize(1);
    }
}
