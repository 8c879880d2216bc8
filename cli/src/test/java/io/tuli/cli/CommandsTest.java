package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.command.Exit;
import io.tuli.node.Tuli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command against two real members, each in a process of its own. */
@Tag("slow")
@Tag("FE-28")
class CommandsTest {

    private static final String MESH = "commands-" + ProcessHandle.current().pid();

    @TempDir private static Path directory;
    private static Serving first;
    private static Serving second;

    @BeforeAll
    static void startTwoMembers() {
        first =
                Serving.start(
                        directory, "serve", "users", "tags", "--mesh", MESH, "--name", "n1",
                        "--json");
        second =
                Serving.start(
                        directory, "serve", "users", "tags", "--mesh", MESH, "--name", "n2",
                        "--json");
        first.awaitOut("\n");
        second.awaitOut("\n");
    }

    @AfterAll
    static void stopThem() {
        first.close();
        second.close();
    }

    private static Ran tuli(String... args) {
        return Ran.in(Map.of("TULI_MESH", MESH), args);
    }

    @Test
    void readyLineTellsWhoIsServingWhatWhere() {
        assertThat(first.out())
                .matches(
                        "\\{\"ready\":true,\"member\":\"[0-9a-f]{16}\\.[0-9a-f]{16}\","
                                + "\"name\":\"n1\","
                                + "\"data\":\"127\\.0\\.0\\.1:\\d+\",\"mesh\":\""
                                + MESH
                                + "\",\"services\":\\[\"users\",\"tags\"],\"pid\":"
                                + first.pid()
                                + "}\n");
    }

    @Test
    void whatIsSetCanBeReadAtAnyDepth() {
        Ran set = tuli("set", "users", "28", "{\"name\":\"ann\",\"at\":{\"city\":\"Turin\"}}");
        Ran deep = tuli("set", "users", "28.email", "a@b.org");

        assertThat(set.code()).isZero();
        assertThat(deep.out())
                .matches(
                        "users/28\\.email = \"a@b\\.org\"   partition \\d+   position \\d+:\\d+  "
                                + " copies 2   [\\d.]+ ms\n");
        assertThat(tuli("get", "users", "28.at.city", "--json").out()).isEqualTo("\"Turin\"\n");
        assertThat(tuli("get", "users", "28.email").out()).isEqualTo("\"a@b.org\"\n");
    }

    @Test
    void writeAnswersAnObjectInJson() {
        Ran set = tuli("set", "users", "json", "1", "--json", "--ack", "owner");

        assertThat(set.out())
                .matches(
                        "\\{\"ok\":true,\"outcome\":\"OK\",\"partition\":\\d+,\"position\":\\{"
                                + "\"epoch\":\\d+,\"owner\":\"[0-9a-f]+\",\"offset\":\\d+},"
                                + "\"version\":\"\\d+@[0-9a-f]+:\\d+\","
                                + "\"copies\":[12],\"disks\":0,\"reply\":null}\n");
        assertThat(set.code()).isZero();
    }

    @Test
    void impossibleNumberOfCopiesIsRefusedAndSaysSoInJson() {
        Ran set = tuli("set", "users", "copies", "1", "--ack", "9", "--json", "--timeout", "2s");

        assertThat(set.out()).startsWith("{\"ok\":false,\"outcome\":");
        assertThat(set.err()).startsWith("tuli: ");
        assertThat(set.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void addCreatesAKeyOnceAndPrintsIt() {
        Ran unique = tuli("add", "users", "{\"name\":\"new\"}");
        Ran named = tuli("add", "users", "added", "1");
        Ran again = tuli("add", "users", "added", "2", "--json");

        assertThat(tuli("get", "users", unique.out().strip(), "--json").out())
                .isEqualTo("{\"name\":\"new\"}\n");
        assertThat(named.out()).isEqualTo("added\n");
        assertThat(named.err()).contains("copies 2");
        assertThat(again.out()).contains("\"failure\":\"CONFLICT\"");
        assertThat(again.code()).isEqualTo(Exit.CONFLICT.code());
    }

    @Test
    @Tag("PT-81")
    void writeHoldsOnlyAtTheVersionThatGetPrinted() {
        Ran first = tuli("set", "users", "cart", "1", "--if-version", "absent", "--json");
        Ran got = tuli("get", "users", "cart", "--versioned", "--json");
        Matcher version = Pattern.compile("\"version\":\"([^\"]+)\"").matcher(got.out());
        assertThat(version.find()).as(got.out()).isTrue();

        Ran second = tuli("set", "users", "cart", "2", "--if-version", version.group(1));
        Ran third = tuli("set", "users", "cart", "3", "--if-version", version.group(1));
        Ran wrong = tuli("rm", "users", "cart", "--if-version", "abscent");

        assertThat(first.out()).contains("\"version\":\"" + version.group(1) + "\"");
        assertThat(second.code()).isZero();
        assertThat(third.code()).isEqualTo(Exit.CONFLICT.code());
        assertThat(wrong.code()).isEqualTo(Exit.USAGE.code());
        assertThat(wrong.err()).contains("did you mean absent?");
        assertThat(tuli("get", "users", "cart", "--versioned").out())
                .matches("2\nversion \\d+@[0-9a-f]+:\\d+\n");
        assertThat(tuli("get", "users", "cart.field", "--versioned").code())
                .isEqualTo(Exit.USAGE.code());
    }

    @Test
    @Tag("PT-71")
    void whatIsSetForAWhileGoesAndIsTouchedAndKept() {
        Ran set = tuli("set", "users", "guest", "1", "--expire", "2h");
        Ran got = tuli("get", "users", "guest", "--versioned");
        Ran never = tuli("touch", "users", "guest", "--expire", "never");
        Ran kept = tuli("get", "users", "guest", "--versioned", "--json");
        Ran soon = tuli("touch", "users", "guest", "--expire", "1ms");
        Ran gone = tuli("touch", "users", "guest", "--expire", "1h");
        Ran idle = tuli("set", "users", "other", "1", "--expire", "0s");

        assertThat(set.code()).isZero();
        assertThat(got.out()).containsPattern("\\nexpires 2\\d{3}-.*Z, in (2h0m|1h59m)\\n");
        assertThat(never.out()).startsWith("users/guest touched   partition");
        assertThat(kept.out()).contains("\"expires\":null");
        assertThat(soon.code()).isZero();
        assertThat(gone.code()).isEqualTo(Exit.NOT_FOUND.code());
        assertThat(idle.code()).isEqualTo(Exit.USAGE.code());
        assertThat(idle.err()).contains("try 30s");
        assertThat(tuli("get", "users", "guest").code()).isEqualTo(Exit.NOT_FOUND.code());
    }

    @Test
    void repeatWithTheSameIdIsDoneOnce() {
        tuli("push", "tags", "once", "x", "--id", "request-7");
        tuli("push", "tags", "once", "x", "--id", "request-7");

        assertThat(tuli("get", "tags", "once", "--json").out()).isEqualTo("[\"x\"]\n");
    }

    @Test
    void pushAppendsAndPatchSetsFieldsTogether() {
        Ran push = tuli("push", "tags", "list", "a");
        tuli("push", "tags", "list", "2");
        Ran patch = tuli("patch", "tags", "doc", "{\"a\":1,\"b\":{\"c\":2}}");

        assertThat(push.out()).startsWith("tags/list.0 = \"a\"   partition ");
        assertThat(tuli("get", "tags", "list", "--json").out()).isEqualTo("[\"a\",2]\n");
        assertThat(patch.out()).startsWith("tags/doc + {\"a\":1,\"b\":{\"c\":2}}   partition ");
        assertThat(tuli("get", "tags", "doc.b.c").out()).isEqualTo("2\n");
    }

    @Test
    void rmRemovesWhatIsThereAndOnlyThat() {
        tuli("set", "users", "gone", "1");

        assertThat(tuli("rm", "users", "gone").out()).startsWith("users/gone removed   partition");
        assertThat(tuli("rm", "users", "gone"))
                .isEqualTo(new Ran(3, "", "tuli: no key gone in service users to remove\n"));
    }

    @Test
    void missingKeyNamesTheNearest() {
        tuli("set", "users", "neighbour.email", "n@b.org");

        assertThat(tuli("get", "users", "neighbuor"))
                .isEqualTo(
                        new Ran(
                                3,
                                "",
                                "tuli: no key neighbuor in service users; did you mean"
                                        + " neighbour?\n"));
        assertThat(tuli("get", "users", "neighbour.emial", "--json"))
                .isEqualTo(
                        new Ran(
                                3,
                                "",
                                "tuli: no key neighbour.emial in service users; did you mean"
                                        + " neighbour.email?\n"));
    }

    @Test
    void nullIsAValueAndNotAMissingKey() {
        tuli("set", "users", "nothing", "null");

        assertThat(tuli("get", "users", "nothing", "--json")).isEqualTo(new Ran(0, "null\n", ""));
    }

    @Test
    void unknownServiceNamesTheNearest() {
        Ran ran = tuli("ls", "usres", "--json");

        assertThat(ran.err())
                .startsWith("tuli: no service usres in mesh " + MESH)
                .contains("users?");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(Exit.NOT_FOUND.code());
    }

    @Test
    void unknownVerbNamesTheNearest() {
        Ran ran = tuli("send", "users", "updaet", "28", "{}");

        assertThat(ran.err()).contains("updaet").containsOnlyOnce("; did you mean update?");
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void sendPrintsTheReply() {
        assertThat(tuli("send", "tags", "add", "sent", "{\"a\":1}").out()).isEqualTo("\"sent\"\n");
        assertThat(tuli("send", "tags", "push", "sent.list", "7", "--json").out())
                .startsWith("{\"ok\":true,\"outcome\":\"OK\",\"partition\":")
                .endsWith("\"reply\":0}\n");
    }

    @Test
    void messageOverTheLimitFailsBeforeItIsSent() {
        Ran ran = tuli("set", "users", "big", "x".repeat(5_000), "--setting", "message.bytes=4KiB");

        assertThat(ran.err()).startsWith("tuli: ").contains("message.bytes");
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void whatBeginsLikeJsonAndIsNoneIsRefusedAndNothingIsSet() {
        Ran set = tuli("set", "users", "bad", "{\"name\":");

        assertThat(set.err()).startsWith("tuli: ").contains("must be one valid JSON text");
        assertThat(set.code()).isEqualTo(Exit.USAGE.code());
        assertThat(tuli("get", "users", "bad").code()).isEqualTo(Exit.NOT_FOUND.code());
    }

    /** What a member of the test's own reads its documents as. */
    public record Cart(List<String> items) {}

    @Test
    void serviceWithATypeRefusesWhatCannotBeReadAsItAndStaysReadable() {
        try (Mesh shop = Tuli.mesh(MESH).join()) {
            Service<Cart> carts = shop.serve("carts", Cart.class);
            carts.awaitSync(Duration.ofSeconds(20));
            Ran good = tuli("set", "carts", "ann", "{\"items\":[\"pen\"]}");
            Ran bad = tuli("set", "carts", "eve", "{\"items\":\"many\"}");
            Ran deep = tuli("set", "carts", "ann.items", "many");

            assertThat(good.code()).isZero();
            assertThat(bad.err()).startsWith("tuli: ").contains("key=eve", Cart.class.getName());
            assertThat(bad.code()).isEqualTo(Exit.USAGE.code());
            assertThat(deep.code()).isEqualTo(Exit.USAGE.code());
            assertThat(carts.state()).isEqualTo(Map.of("ann", new Cart(List.of("pen"))));
        }
    }

    @Test
    void wholeServiceIsAnObjectToChooseFrom() {
        tuli("set", "tags", "where1", "{\"name\":\"Zeta\",\"n\":2}");
        tuli("set", "tags", "where2", "{\"name\":\"zeta too\",\"n\":1}");

        Ran table = tuli("get", "tags", "--where", "name=ZETA", "--sort", "n", "--table=name,n");
        Ran json = tuli("get", "tags", "--where", "name=too", "--json");

        assertThat(table.out())
                .isEqualTo("KEY     NAME      N\nwhere2  zeta too  1\nwhere1  Zeta      2\n");
        assertThat(json.out()).isEqualTo("{\"where2\":{\"name\":\"zeta too\",\"n\":1}}\n");
        assertThat(tuli("get", "tags", "--json").out()).contains("\"where1\":{");
    }

    @Test
    void lsHasARowForEachMemberWithEqualDigests() {
        Ran ran = tuli("ls", "users", "--json");

        Matcher digests = Pattern.compile("\"digest\":\"([0-9a-f]{16})\"").matcher(ran.out());
        assertThat(digests.results().map(found -> found.group(1)).distinct()).hasSize(1);
        assertThat(ran.out())
                .containsPattern("\"service\":\"users\",\"member\":\"[0-9a-f.]{33}\"")
                .containsPattern("\"state\":\"ready\",\"owned\":1[23]\\d,\"replicas\":1[23]\\d,")
                .doesNotContain("tuli-cli");
        assertThat(ran.out().split("\"member\":")).hasSize(1 + 2);
    }

    @Test
    void lsIsATableForPeopleWhenPiped() {
        Ran ran = tuli("ls");

        assertThat(ran.out())
                .startsWith("SERVICE  MEMBER  ADDRESS ")
                .containsPattern("\ntags     n1 ")
                .containsPattern("\nusers    n2 ")
                .endsWith("\n2 members · 512 partitions\n")
                .doesNotContain("\033");
    }

    @Test
    void ringTellsSharesAndExplainsAKey() {
        Ran shares = tuli("ring", "users");
        Ran key = tuli("ring", "users", "--key", "28.email");
        Ran json = tuli("ring", "users", "--json");

        assertThat(shares.out())
                .containsPattern("\nn1 .*  1[23]\\d  [45]\\d\\.\\d %  50\\.0 %\n")
                .contains("256 partitions · ");
        assertThat(key.out())
                .matches(
                        "key 28\\.email → partition \\d+ → owner n[12] \\(epoch \\d+, end \\d+\\),"
                                + " followers n[12] \\(0 behind\\)\n");
        assertThat(json.out().split("\"ownerName\":\"n[12]\"")).hasSize(1 + 256);
    }

    @Test
    void membersAndServicesAreListed() {
        assertThat(tuli("members").out())
                .containsPattern("\nn1 +server  127.0.0.1:\\d+ +connected ");
        assertThat(tuli("members", "--json").out()).contains("\"name\":\"n2\",\"role\":\"server\"");
        assertThat(tuli("services").out())
                .containsPattern("\nusers +2 +2 +256 ")
                .containsPattern("\ntags +2 +2 +256 ");
    }

    @Test
    void watchPrintsEachChangeOnALine() {
        try (Serving watch =
                Serving.start(
                        directory, "watch", "users", "eu.*", "--count", "2", "--mesh", MESH)) {
            watch.awaitErr("watching users");
            tuli("set", "users", "eu.ann", "{\"n\":1}");
            tuli("set", "users", "us.bob", "{\"n\":2}");
            tuli("rm", "users", "eu.ann");

            assertThat(watch.exitCode()).isZero();
            assertThat(watch.out())
                    .matches(
                            change("update", "eu\\.ann", "\\{\"n\":1}")
                                    + change("remove", "eu\\.ann", "null"));
        }
    }

    /** A line of watch, as a pattern. */
    private static String change(String verb, String key, String value) {
        return "\\{\"service\":\"users\",\"partition\":\\d+,\"position\":\\{[^}]*},"
                + "\"time\":\"[^\"]+Z\","
                + "\"verb\":\"%s\",\"key\":\"%s\",\"value\":%s}\n".formatted(verb, key, value);
    }

    @Test
    void watchedValueIsPrintedWheneverItChanges() {
        tuli("set", "users", "live", "1");
        try (Serving watch =
                Serving.start(directory, "get", "users", "live", "-w", "--json", "--mesh", MESH)) {
            watch.awaitOut("1\n");
            tuli("set", "users", "live", "2");
            watch.awaitOut("1\n2\n");
            watch.terminate();

            assertThat(watch.out()).isEqualTo("1\n2\n");
            assertThat(watch.err()).isEmpty();
        }
    }

    @Test
    @Tag("FD-39")
    void refusalIsToldWithItsCodeItsNameAndWhatIsWrong() {
        try (Mesh picky = Tuli.mesh(MESH).join()) {
            picky.serve(
                    "picky",
                    Object.class,
                    (message, turn) -> {
                        throw Refusal.unprocessable("a todo has a title", List.of("\u001b[2J"))
                                .errors(Map.of("title", "is blank"));
                    });
            Ran refused = tuli("send", "picky", "MAKE", "k");
            Ran json = tuli("send", "picky", "MAKE", "k", "--json");

            assertThat(refused.code()).isEqualTo(Exit.FAILED.code());
            assertThat(refused.err())
                    .isEqualTo(
                            "tuli: a todo has a title (422 Unprocessable)"
                                    + " errors={\"title\":\"is blank\"}"
                                    + " data=[\"\\u001b[2J\"]\n");
            assertThat(json.out())
                    .contains(
                            "\"failure\":\"HANDLER_FAILED\",\"message\":\"a todo has a title\","
                                    + "\"code\":422,\"name\":\"Unprocessable\","
                                    + "\"data\":[\"\\u001b[2J\"],"
                                    + "\"errors\":{\"title\":\"is blank\"}");
        }
    }
}
