package io.tuli.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class SocketDirectoryTest {

    @TempDir private Path scratch;
    private Object uid = 0;

    @BeforeEach
    void whoWeAre() throws IOException {
        uid = Files.getAttribute(scratch, "unix:uid");
    }

    private Path directory(String name, String mode) throws IOException {
        Path made = Files.createDirectory(scratch.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    }

    private static List<Path> places(@Nullable Path runtime, String temporary) {
        return SocketDirectory.places(runtime == null ? null : runtime.toString(), temporary);
    }

    @Test
    void theUsersRuntimeDirectoryComesFirst() throws IOException {
        Path runtime = directory("run", "rwx------");

        assertThat(places(runtime, "/tmp"))
                .containsExactly(runtime.resolve("tuli"), Path.of("/tmp/tuli-" + uid));
    }

    @Test
    void aRuntimeDirectoryThatIsNotOursAloneIsPassedBy() throws IOException {
        Path temporary = Path.of("/tmp/tuli-" + uid);
        Path link = Files.createSymbolicLink(scratch.resolve("l"), directory("r", "rwx------"));

        assertThat(places(null, "/tmp")).containsExactly(temporary);
        assertThat(places(scratch.resolve("missing"), "/tmp")).containsExactly(temporary);
        assertThat(places(directory("open", "rwxr-xr-x"), "/tmp")).containsExactly(temporary);
        assertThat(places(link, "/tmp")).containsExactly(temporary);
        assertThat(places(Path.of("relative"), "/tmp")).containsExactly(temporary);
    }

    @Test
    void itIsLookedAtAgainBeforeASocketIsRemoved() throws IOException {
        Path mine = directory("mine", "rwx------");
        Path socket = Files.createFile(mine.resolve("127.0.0.1-1"));
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxrwxrwx"));

        SocketDirectory.remove(socket);
        assertThat(socket).exists();

        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwx------"));
        SocketDirectory.remove(socket);
        assertThat(socket).doesNotExist();
    }

    @Test
    void aNameThatTheSystemWouldNotTakeIsNone() {
        Path deep = Path.of("/" + "d".repeat(80));

        assertThat(SocketDirectory.socket(deep, "127.0.0.1-65535")).isNotNull();
        assertThat(SocketDirectory.socket(deep, "0_0_0_0_0_0_0_1-65535")).isNull();
    }
}
