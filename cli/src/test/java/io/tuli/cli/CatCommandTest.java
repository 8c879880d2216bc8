package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of patterns from terminals: lines go, what comes is printed as lines. */
class CatCommandTest {

    private static final String MESH = "cat-" + ProcessHandle.current().pid();
    private static final String ORDERS = "\u001b]0;owned\u0007";

    private static String[] of(String... args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.addAll(List.of("--mesh", MESH));
        return all.toArray(new String[0]);
    }

    @Test
    @Tag("SP-14")
    void eachEndOfAPatternIsOneCommand(@TempDir Path directory) {
        try (Serving rep = Serving.start(directory, of("cat", "jobs", "rep"))) {
            rep.awaitErr("ready to rep");
            try (Serving sub =
                    Serving.start(directory, of("cat", "jobs", "sub", "eu.>", "--count", "3"))) {
                sub.awaitErr("listening to jobs");

                requestsAreAnsweredAndSurveysToo(rep);
                whatIsPublishedIsHeard(sub);
                whoIsMeantIsSaid();

                assertThat(rep.terminate()).isZero();
            }
        }
    }

    private static CompletableFuture<Ran> pair(String lines) {
        CompletableFuture<Ran> ran = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> ran.complete(Ran.reading(lines, of("cat", "talk", "pair"))));
        return ran;
    }

    @Test
    @Tag("SP-01")
    void aPairIsTwoCommandsAlikeEvenIfTheyComeAtOneMoment() throws Exception {
        CompletableFuture<Ran> one = pair("hello\n7\n");
        CompletableFuture<Ran> other = pair("hi\n");

        Ran ended = one.get(60, TimeUnit.SECONDS);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("hi\n");
        assertThat(other.get(60, TimeUnit.SECONDS).out()).isEqualTo("hello\n7\n");
    }

    @Test
    @Tag("SP-01")
    @Tag("PT-63")
    void aThirdIsRefusedWhoStandsStillGoesOnAndWhoIsKilledIsMissed(@TempDir Path directory)
            throws Exception {
        try (Serving first = Serving.start(directory, of("cat", "talk", "pair"))) {
            first.awaitErr("waiting for the other end");
            CompletableFuture<Ran> second = pair("hello\n");
            first.awaitOut("hello\n");
            Ran third = Ran.reading("me too\n", of("cat", "talk", "pair"));
            assertThat(third.code()).as(third.err()).isEqualTo(5);
            assertThat(third.err()).contains("takes so many at once");

            first.signal("STOP");
            first.say("hi\n");
            first.signal("CONT");
            first.kill();
            Ran ended = second.get(60, TimeUnit.SECONDS);
            assertThat(ended.code()).as(ended.err()).isEqualTo(5);
            assertThat(ended.err()).contains("link was lost");
        }
    }

    private static void requestsAreAnsweredAndSurveysToo(Serving rep) {
        String lines = "hello\n7\n\n{\"a\":1}\n\"7\"\n" + ORDERS + "\nlast";
        Ran asked = Ran.reading(lines, of("cat", "jobs", "req", "--fail-fast"));
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(asked.out())
                .isEqualTo("hello\n7\n{\"a\":1}\n\"7\"\n\"\\u001B]0;owned\\u0007\"\nlast\n");
        assertThat(rep.out()).as("what it was asked").isEqualTo(asked.out());

        Ran surveyed = Ran.reading("how\n", of("cat", "jobs", "surveyor"));
        assertThat(surveyed.out()).matches("pid[^ ]+ how\\n");
        assertThat(Ran.reading("a\n", of("cat", "jobs", "push")).out()).isEmpty();
        assertThat(rep.out()).endsWith("last\nhow\na\n");
        Ran huge = Ran.reading("x".repeat(2_000_000), of("cat", "jobs", "req"));
        assertThat(huge.err()).contains("a line is one message, of at most 1048576 bytes");
    }

    private static void whatIsPublishedIsHeard(Serving sub) {
        assertThat(Ran.of(of("pub", "jobs", "us.x", "1", "--json")).out())
                .isEqualTo("{\"heard\":0}\n");
        assertThat(Ran.of(of("pub", "jobs", "eu.x", ORDERS, "--json")).out())
                .isEqualTo("{\"heard\":1}\n");
        assertThat(Ran.reading("1\ntwo\n", of("cat", "jobs", "pub", "eu.y")).err()).isEmpty();
        assertThat(sub.exitCode()).isZero();
        assertThat(sub.out()).isEqualTo("\"\\u001B]0;owned\\u0007\"\n1\ntwo\n");
        assertThat(Ran.of(of("sub", "jobs", "a..b")).code()).isEqualTo(2);
        assertThat(Ran.of(of("sub", "nothing", ">")).code()).isEqualTo(3);
    }

    private static void whoIsMeantIsSaid() {
        assertThat(Ran.of(of("send", "jobs", "CAT", "\"x\"", "--near")).out()).isEqualTo("\"x\"\n");
        Ran old = Ran.of(of("send", "jobs", "CAT", "--versions", "2.x", "--fail-fast"));
        assertThat(old.code()).isEqualTo(3);
        assertThat(old.err()).contains("version=2.x there=(none)");
        assertThat(Ran.of(of("send", "jobs", "CAT", "--to", "nobody")).code()).isEqualTo(3);
        assertThat(Ran.of(of("send", "jobs", "CAT", "--to", "all", "--near")).code()).isEqualTo(2);
        assertThat(Ran.of(of("send", "jobs", "CAT", "--versions", "new")).code()).isEqualTo(2);
        assertThat(Ran.of(of("cat", "jobs", "reqq")).err()).contains("did you mean req?");
        assertThat(Ran.of(of("cat", "jobs", "pub")).code()).isEqualTo(2);
    }
}
