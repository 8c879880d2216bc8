package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SectionTest {

    @Test
    void eachHasItsPlaceOnThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "performance.md"));

        assertThat(Section.ALL)
                .allSatisfy(
                        each ->
                                assertThat(page)
                                        .contains("<!-- " + each.name() + " -->\n")
                                        .contains("<!-- end of " + each.name() + " -->"));
    }

    @Test
    void eachFollowsTheMethodAndKnowsItsOptions() {
        for (Section each : Section.ALL) {
            Options options = Options.parse(each.arguments());

            assertThat(options.has("warmup")).as(each.name()).isFalse();
        }
        assertThat(Options.parse(Section.ALL.getFirst().arguments()).number("warmup"))
                .isGreaterThanOrEqualTo(10);
    }

    @Test
    void oneWordMeansAllTablesOfASweep() {
        assertThat(Section.ALL.stream().filter(each -> each.isMeantBy("sweep"))).hasSize(4);
        assertThat(Section.ALL.stream().filter(each -> each.isMeantBy("compare"))).hasSize(1);
    }
}
