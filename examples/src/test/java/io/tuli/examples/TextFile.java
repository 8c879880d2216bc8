package io.tuli.examples;

import java.util.List;

/** A file of the repository: its name relative to the root, with slashes, and its text. */
record TextFile(String name, String text) {
    boolean isJava() {
        return name.endsWith(".java") && (isMain() || isTest());
    }

    /** A script or style of ours in a page; what others have written is as they have it. */
    boolean isScript() {
        boolean isOthers = name.endsWith("/feathers.js") || name.endsWith(".min.js");
        return isMain() && !isOthers && (name.endsWith(".js") || name.endsWith(".css"));
    }

    boolean isMain() {
        return name.contains("src/main/");
    }

    boolean isTest() {
        return name.contains("src/test/");
    }

    boolean isModuleInfo() {
        return name.endsWith("/module-info.java");
    }

    boolean isPackageInfo() {
        return name.endsWith("/package-info.java");
    }

    /** The directory of this file, with a slash at the end. */
    String directory() {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    List<String> lines() {
        return text.lines().toList();
    }
}
