package io.tuli.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Caller;
import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import io.tuli.wire.TestFrames;
import io.tuli.wire.TestPublications;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame under every role; docs/security.md has the same table. */
class PermissionTest {

    private static final String BEGIN = "<!-- permissions: checked by PermissionTest -->\n";
    private static final String END = "<!-- end of permissions -->";
    private static final LogPosition START = LogPosition.START;
    private static final String SERVICE = "things";
    private static final int NUMBER = ServiceSpec.numberOf(SERVICE);
    private static final RequestId ID = new RequestId(1, 1);

    /** Server, client, operator, read-only: yes, denied, ignored, closed. */
    private static final Map<String, String> EXPECTED = new LinkedHashMap<>();

    static {
        EXPECTED.put("Request", "yyyd");
        EXPECTED.put("Request to read", "yyyy");
        EXPECTED.put("Request with a verb that `reads` declares", "yyyy");
        EXPECTED.put("Request with another verb of the library", "yddd");
        EXPECTED.put("Request of a turn or a fold", "yxxx");
        EXPECTED.put("Request for another caller", "yddd");
        EXPECTED.put("Ask", "yyyd");
        EXPECTED.put("Ask with a verb that `reads` declares", "yyyy");
        EXPECTED.put("Ask for a report", "ydyd");
        EXPECTED.put("Ask for another caller", "yddd");
        EXPECTED.put("Ask whether it is there", "yyyy");
        EXPECTED.put("Ask for what is kept of what is published", "yyyy");
        for (String all : List.of("Cancel", "Credit", "Accepted", "Result", "Redirect")) {
            EXPECTED.put(all, "yyyy");
        }
        EXPECTED.put("Item", "yyyy");
        EXPECTED.put("End", "yyyy");
        for (String none : List.of("Fence", "Promise", "NotYet")) {
            EXPECTED.put(none, "yxxx");
        }
        EXPECTED.put("Stale", "yiii");
        EXPECTED.put("Fetch", "yxxx");
        EXPECTED.put("Fetched", "yxxx");
        EXPECTED.put("Follow", "yyyy");
        EXPECTED.put("Follow that counts as a copy", "yxxx");
        EXPECTED.put("NotOwner", "yxxx");
        EXPECTED.put("Append", "yxxx");
        EXPECTED.put("Appended", "yyyy");
        EXPECTED.put("SnapshotPart", "yxxx");
        EXPECTED.put("SnapshotTaken", "yyyy");
        EXPECTED.put("Recall", "yxxx");
        EXPECTED.put("Recalled", "yxxx");
        EXPECTED.put("Denied", "yxxx");
        EXPECTED.put("Roster", "yxxx");
        EXPECTED.put("Uses", "yyyy");
        EXPECTED.put("Unseen", "yyyy");
        EXPECTED.put("Room", "yxxx");
        EXPECTED.put("Interest", "yyyy");
        EXPECTED.put("Interest of others", "yxxx");
        EXPECTED.put("InterestKnown", "yyyy");
        EXPECTED.put("Publish", "yyyd");
        EXPECTED.put("Publish for another", "yxxx");
        EXPECTED.put("Publish what is kept, or of another mesh", "yxxx");
        EXPECTED.put("Heard", "yyyy");
        EXPECTED.put("Unfollow", "yyyy");
        EXPECTED.put("Sync", "yxxx");
        EXPECTED.put("Synced", "yxxx");
        EXPECTED.put("Claim", "yyyy");
        EXPECTED.put("Grant", "yxxx");
        EXPECTED.put("Revoke", "yxxx");
        EXPECTED.put("Took", "yyyy");
        EXPECTED.put("Piece", "yyyy");
        EXPECTED.put("Taken", "yyyy");
        EXPECTED.put("Piece or Taken of a handler", "yxxx");
    }

    /** All that there is, by its row. */
    private static Map<String, List<Frame>> rows() {
        Map<String, List<Frame>> rows = new LinkedHashMap<>();
        EXPECTED.keySet().forEach(row -> rows.put(row, new ArrayList<>()));
        for (Frame frame : TestFrames.ofEachType()) {
            boolean isOwn = frame instanceof Frame.Request || frame instanceof Frame.Follow;
            if (!isOwn && !(frame instanceof Frame.Ask)) {
                rows.get(frame.getClass().getSimpleName()).add(frame);
            }
        }
        rows.get("Piece or Taken of a handler").addAll(TestFrames.ofHandlers());
        rows.get("Publish").add(TestPublications.published(false));
        rows.get("Publish for another").add(TestPublications.published(true));
        rows.get("Publish what is kept, or of another mesh").addAll(TestPublications.marked());
        rows.get("Interest of others")
                .add(
                        new Frame.Interest(
                                1, 0, true, false, List.of(new InterestItem(1, ">", "", true, 1))));
        rows.get("Request").add(request("update", new RequestId(1, 1)));
        rows.get("Request").add(request("update", RequestId.named("mine")));
        rows.get("Request").add(request("BOOK", new RequestId(1, 1)));
        rows.get("Request to read").add(request(Reserved.READ, new RequestId(1, 1)));
        rows.get("Request with a verb that `reads` declares").add(request("COUNT", ID));
        rows.get("Request with another verb of the library")
                .addAll(
                        List.of(
                                request(Reserved.NOTHING, new RequestId(1, 1)),
                                request(Reserved.REPORT, new RequestId(1, 1)),
                                request("$anything", new RequestId(1, 1))));
        rows.get("Request of a turn or a fold")
                .addAll(
                        List.of(
                                request("update", Reserved.ofTurn("s/1/2/3")),
                                request(Reserved.READ, new RequestId(Reserved.FOLDS, 7))));
        Extensions bob = Extensions.NONE.as(Caller.of("rest", "bob", Map.of()));
        for (String verb : List.of("update", "COUNT", Reserved.READ, Reserved.REPORT)) {
            rows.get("Request for another caller")
                    .add(((Frame.Request) request(verb, ID)).with(bob));
            rows.get("Ask for another caller").add(((Frame.Ask) ask(verb)).with(bob));
        }
        rows.get("Ask").add(ask("BOOK"));
        rows.get("Ask with a verb that `reads` declares").add(ask("COUNT"));
        rows.get("Ask for a report").add(ask(Reserved.REPORT));
        rows.get("Ask whether it is there").add(ask(Reserved.ALIVE));
        rows.get("Ask for what is kept of what is published").add(ask(Reserved.LAST));
        rows.get("Follow").add(new Frame.Follow(1, 1, Epoch.ZERO, START, START, false));
        rows.get("Follow that counts as a copy")
                .add(new Frame.Follow(1, 1, Epoch.ZERO, START, START, true));
        return rows;
    }

    private static Frame request(String verb, RequestId id) {
        return new Frame.Request(
                NUMBER,
                0,
                1,
                id,
                0,
                1_000,
                Commit.owner(),
                verb,
                Key.of("k"),
                Payload.NONE,
                new TreeMap<>());
    }

    private static Frame ask(String verb) {
        return new Frame.Ask(
                NUMBER,
                1,
                new RequestId(1, 1),
                1_000,
                verb,
                Key.NONE,
                Payload.NONE,
                new TreeMap<>());
    }

    static Stream<Arguments> everyFrameUnderEveryRole() {
        List<Arguments> all = new ArrayList<>();
        rows().forEach(
                        (row, frames) -> {
                            for (Role role : Role.values()) {
                                all.add(Arguments.of(row, role, frames));
                            }
                        });
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource
    void everyFrameUnderEveryRole(String row, Role role, List<Frame> frames) {
        assertThat(frames).as("a frame for each row").isNotEmpty();
        char expected = EXPECTED.get(row).charAt(role.ordinal());
        for (Frame frame : frames) {
            assertThat(of(role, frame)).as("%s", frame).isEqualTo(permission(expected));
        }
    }

    /** With rights as they are where no rule says otherwise. */
    private static Permission of(Role role, Frame frame) {
        Access access = Access.open();
        access.serve(ServiceConfig.of(SERVICE, Object.class).reads("COUNT"));
        return new MemberAccess(access, role, "somebody").of(frame);
    }

    private static Permission permission(char letter) {
        return switch (letter) {
            case 'y' -> Permission.ALLOWED;
            case 'i' -> Permission.IGNORED;
            case 'd' -> Permission.DENIED;
            default -> Permission.FORBIDDEN;
        };
    }

    @Test
    void theTableInTheDocumentsIsThatOfTheCode() throws IOException {
        Path docs = root().resolve("docs/security.md");
        String text = Files.readString(docs);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        String table = table();
        Files.createDirectories(Path.of("target"));
        Files.writeString(
                Path.of("target", "security.md"),
                text.substring(0, begin) + table + text.substring(end));
        assertThat(text.substring(begin, end))
                .as("docs/security.md is out of date: copy node/target/security.md over it")
                .isEqualTo(table);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| frame |");
        for (Role role : Role.values()) {
            table.append(' ').append(role.text()).append(" |");
        }
        table.append("\n|---|---|---|---|---|\n");
        rows().forEach(
                        (row, frames) -> {
                            table.append("| ").append(row).append(" |");
                            for (Role role : Role.values()) {
                                Permission permission = of(role, frames.getFirst());
                                table.append(' ').append(word(permission)).append(" |");
                            }
                            table.append('\n');
                        });
        return table.toString();
    }

    private static String word(Permission permission) {
        return switch (permission) {
            case ALLOWED -> "yes";
            case IGNORED -> "ignored";
            case DENIED -> "`NOT_AUTHORISED`";
            case FORBIDDEN -> "closed";
        };
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/security.md"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
