package io.tuli.todos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.child.BrowserScript;
import io.tuli.child.ChildJvm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tuli todos}, in processes of its own, and its page in a browser (FD-01, CO-04). */
@Tag("slow")
@Tag("FD-01")
class TodosExampleTest {

    private static final Pattern URL = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private Process example;
    private String url;

    @BeforeEach
    void start() throws Exception {
        Path output = directory.resolve("output.txt");
        example =
                new ProcessBuilder(ChildJvm.command(TodosExample.class, List.of("--port=0")))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        Awaitility.await()
                .atMost(SOON)
                .until(() -> !example.isAlive() || URL.matcher(Files.readString(output)).find());
        Matcher found = URL.matcher(Files.readString(output));
        assertThat(found.find()).as(Files.readString(output)).isTrue();
        url = found.group(1);
    }

    @AfterEach
    void end() throws Exception {
        example.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    @Test
    void itsPageShowsWhoAnswersAsReplicasComeAndGoAndNothingIsLeftOfThemAtTheEnd()
            throws Exception {
        assertThat(pressed("stop", "http://stranger.example").statusCode())
                .as("pages of strangers press no buttons")
                .isEqualTo(403);
        assertThat(pressed("start", url).statusCode()).as("what runs goes on").isEqualTo(200);
        List<ProcessHandle> replicas = example.toHandle().children().toList();
        assertThat(replicas).hasSize(2);

        String said = new BrowserScript("todos.mjs").run(url);

        assertThat(said.lines().toList()).as(said).endsWith("9 of 9 passed");
        String console = new BrowserScript("console.mjs").run(url);
        assertThat(console.lines().toList()).as(console).endsWith("9 of 9 passed");
        List<ProcessHandle> left = example.toHandle().children().toList();
        example.destroy();
        assertThat(example.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> left.stream().noneMatch(ProcessHandle::isAlive));
    }

    private HttpResponse<String> pressed(String method, String origin) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/replicas"))
                        .header("Origin", origin)
                        .header("Content-Type", "application/json")
                        .header("X-Service-Method", method)
                        .POST(BodyPublishers.ofString("{\"id\":\"a\"}"))
                        .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
