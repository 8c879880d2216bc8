package io.tuli.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rules about packages: explained, null-marked, shallow, and of a size one can remember. */
final class PackageRules {
    static final int TYPES_MAX = 25;

    /** What users import is one package, so that one import shows all there is (ADR 0033). */
    private static final Map<String, Integer> TYPES_MAX_OF =
            Map.of("core/src/main/java/io/tuli/", 50);

    private PackageRules() {}

    static List<Finding> check(List<TextFile> javaFiles) {
        Map<String, List<TextFile>> byDirectory =
                javaFiles.stream()
                        .filter(TextFile::isMain)
                        .filter(file -> !file.isModuleInfo())
                        .collect(
                                Collectors.groupingBy(
                                        TextFile::directory, TreeMap::new, Collectors.toList()));
        List<Finding> findings = new ArrayList<>();
        byDirectory.forEach((directory, files) -> checkPackage(directory, files, findings));
        return findings;
    }

    private static void checkPackage(
            String directory, List<TextFile> files, List<Finding> findings) {
        long types = files.stream().filter(file -> !file.isPackageInfo()).count();
        int most = TYPES_MAX_OF.getOrDefault(directory, TYPES_MAX);
        if (types > most) {
            String message = "split this package: types=" + types + " max=" + most;
            findings.add(new Finding(directory, 0, message));
        }
        if (!directory.matches(".*src/main/java/io/tuli/([a-z]+/)?")) {
            findings.add(new Finding(directory, 0, "a package is io.tuli or io.tuli.<one word>"));
        }
        files.stream()
                .filter(TextFile::isPackageInfo)
                .findFirst()
                .ifPresentOrElse(
                        info -> checkPackageInfo(info, findings),
                        () ->
                                findings.add(
                                        new Finding(directory, 0, "package-info.java is missing")));
    }

    private static void checkPackageInfo(TextFile info, List<Finding> findings) {
        if (!info.text().contains("@NullMarked")) {
            findings.add(new Finding(info.name(), 0, "@NullMarked is missing"));
        }
        if (!info.text().contains("/**")) {
            findings.add(new Finding(info.name(), 0, "say purpose, level and what to read first"));
        }
    }
}
