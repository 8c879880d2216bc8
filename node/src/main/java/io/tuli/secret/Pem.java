package io.tuli.secret;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file of blocks between BEGIN and END lines, as RFC 7468 has them; what stands between blocks is
 * left out.
 *
 * @param setting which setting names it
 * @param text what is in it
 */
record Pem(String setting, Path file, String text) {

    private static final long BYTES_MAX = 256 * 1024;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** One block. */
    record Block(String label, byte[] bytes) {}

    /**
     * Reads a file.
     *
     * @throws TuliException BAD_REQUEST where there is none, or it cannot be read
     */
    static Pem read(String setting, Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw refused(setting, file, "it is larger than 256 KiB");
            }
            return new Pem(setting, file, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException missing) {
            throw refused(setting, file, "there is no such file");
        } catch (IOException unreadable) {
            throw refused(setting, file, "it cannot be read: " + unreadable);
        }
    }

    /** All its blocks, in their order. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        String label = "";
        StringBuilder body = new StringBuilder();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                body.setLength(0);
            } else if (line.equals(END + label + DASHES)) {
                blocks.add(new Block(label, decoded(body.toString())));
                label = "";
            } else if (!label.isEmpty()) {
                body.append(line);
            }
        }
        if (!label.isEmpty()) {
            throw refused("it ends within " + label);
        }
        return blocks;
    }

    private byte[] decoded(String body) {
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException broken) {
            throw refused("what is between BEGIN and END is no base64");
        }
    }

    TuliException refused(String why) {
        return refused(setting, file, why);
    }

    private static TuliException refused(String setting, Path file, String why) {
        return new TuliException(
                Failure.BAD_REQUEST, setting + " must name a PEM file: " + file + ": " + why);
    }
}
