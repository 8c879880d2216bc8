package io.tuli.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class OwnFilesTest {

    @TempDir private Path scratch;

    private Path directory(String name, String mode) throws IOException {
        Path made = Files.createDirectory(scratch.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    }

    @Test
    void aDirectoryIsOursIfNobodyElseCanEnterItAndItIsNoLink() throws IOException {
        Path closed = directory("closed", "rwx------");
        Path link = Files.createSymbolicLink(scratch.resolve("link"), closed);
        Path file = Files.createFile(scratch.resolve("file"));

        assertThat(OwnFiles.isOursAlone(closed)).isTrue();
        assertThat(OwnFiles.isOursAlone(link)).isFalse();
        assertThat(OwnFiles.isOursAlone(file)).isFalse();
        assertThat(OwnFiles.isOursAlone(directory("group", "rwxrwx---"))).isFalse();
        assertThat(OwnFiles.isOursAlone(directory("others", "rwx--x--x"))).isFalse();
        assertThat(OwnFiles.isOursAlone(scratch.resolve("missing"))).isFalse();
    }

    @Test
    void aFileIsTrustedIfNobodyElseCanHavePutItThere() throws IOException {
        Path mine = directory("mine", "rwxr-xr-x");
        Path everybodys = directory("everybodys", "rwxrwxrwx");

        assertThat(OwnFiles.isTrusted(file(mine, "own", "rw-rw-r--"))).isTrue();
        assertThat(OwnFiles.isTrusted(file(mine, "open", "rw-rw-rw-"))).isFalse();
        assertThat(OwnFiles.isTrusted(file(everybodys, "own", "rw-------"))).isFalse();
        assertThat(OwnFiles.isTrusted(Path.of("/etc/hostname"))).as("root's").isTrue();
    }

    @Test
    void aLinkIsTrustedAsWhatItStandsForAndWhereItStands() throws IOException {
        Path mine = directory("mine", "rwxr-xr-x");
        Path everybodys = directory("everybodys", "rwxrwxrwx");
        Path own = file(mine, "own", "rw-------");
        Path open = file(mine, "open", "rw-rw-rw-");

        assertThat(OwnFiles.isTrusted(Files.createSymbolicLink(mine.resolve("a"), own))).isTrue();
        assertThat(OwnFiles.isTrusted(Files.createSymbolicLink(mine.resolve("b"), open))).isFalse();
        assertThat(OwnFiles.isTrusted(Files.createSymbolicLink(everybodys.resolve("c"), own)))
                .isFalse();
    }

    private static Path file(Path directory, String name, String mode) throws IOException {
        Path made = Files.createFile(directory.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    }
}
