package io.tuli.console;

import io.tuli.http.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page is made of, as it lies beside this class. Stateless. */
final class ConsoleFiles {

    /** Where all of it is. */
    static final String ROOT = "/console/";

    private static final String INDEX = "index.html";
    private static final List<String> NAMES =
            List.of(
                    INDEX,
                    "console.css",
                    "icon.svg",
                    "main.js",
                    "dom.js",
                    "ring.js",
                    "graph.js",
                    "tables.js",
                    "keys.js");

    /** Nothing of other origins, nothing inline, and no text becomes a script. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'";

    private ConsoleFiles() {}

    /** By path. */
    static Map<String, Page> all() {
        Map<String, Page> all = new LinkedHashMap<>();
        for (String name : NAMES) {
            Page page = Page.of(Page.typeOf(name), bytes(name), POLICY);
            all.put(ROOT + (name.equals(INDEX) ? "" : name), page);
        }
        return all;
    }

    private static byte[] bytes(String name) {
        try (InputStream file = ConsoleFiles.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the console's page is in its jar: not " + name);
            }
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
