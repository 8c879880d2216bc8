package io.tuli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.ServiceReport;
import io.tuli.ServiceReport.GroupReport;
import io.tuli.terminal.Palette;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is shown of groups of readers. */
@Tag("PT-58")
class GroupRowsTest {

    private static ServiceReport with(ServiceReport of, long commits, GroupReport... groups) {
        return new ServiceReport(
                of.service(),
                of.member(),
                of.isServing(),
                of.state(),
                of.owned(),
                of.replicas(),
                commits,
                of.lag(),
                of.discarded(),
                of.digest(),
                of.keys(),
                of.upMillis(),
                of.partitions(),
                List.of(groups));
    }

    @Test
    void theServerThatHasCommittedMostSaysHowFarGroupsAre() {
        ServiceReport late = Reports.of("orders", Reports.server(1), 7);
        ServiceReport newest = Reports.of("orders", Reports.server(2), 7);
        GroupRows rows =
                new GroupRows(
                        List.of(
                                with(late, 10, new GroupReport("billing", 9, 8, 0, 0)),
                                with(
                                        newest,
                                        12,
                                        new GroupReport("billing", 2, 8, 0, 0),
                                        new GroupReport("mailer", 1_500, 8, 40, 3))));

        assertThat(rows.isEmpty()).isFalse();
        assertThat(rows.table().lines(Palette.PLAIN))
                .containsExactly(
                        "SERVICE  GROUP      LAG  READ  UNACKNOWLEDGED  REJECTED",
                        "orders   billing      2     8               0         0",
                        "orders   mailer   1,500     8              40         3");
        assertThat(rows.json())
                .extracting(row -> row.get("group") + " " + row.get("lag"))
                .containsExactly("billing 2", "mailer 1500");
    }

    @Test
    void withoutGroupsThereIsNothingToShow() {
        assertThat(new GroupRows(List.of(Reports.of("orders", Reports.server(1), 7))).isEmpty())
                .isTrue();
    }
}
