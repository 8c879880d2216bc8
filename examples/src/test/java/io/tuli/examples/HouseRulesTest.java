package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Checks the compiled classes of all modules, and the rules on bad examples. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
    private static final JavaClass BAD = example(Bad.class);

    private final LateModule terminal;
    private final JavaClasses house;

    HouseRulesTest(@TempDir Path directory) throws IOException {
        terminal = LateModule.compile("cli", directory);
        Set<Location> places = new HashSet<>(Locations.ofPackage("io.tuli"));
        places.add(Location.of(directory));
        house =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(location -> !location.contains("/jmh_generated/"))
                        .importLocations(places);
    }

    @Test
    void everyModuleIsLookedAt() {
        assertThat(house.stream().map(JavaClass::getPackageName))
                .contains("io.tuli", "io.tuli.node", "io.tuli.sim", "io.tuli.chaos")
                .contains("io.tuli.bench", "io.tuli.demo", "io.tuli.cli");
    }

    @Test
    void packagesImportFromLowerLevelsOnly() {
        assertThat(house.stream().flatMap(House.TULI::climbs)).isEmpty();
    }

    @Test
    void classesStandInNoLongCircle() {
        List<Set<String>> circles =
                terminal.reflecting(
                        () ->
                                Circles.longerThan(
                                        Circles.CLASSES_MAX,
                                        house.stream().filter(House::isWithoutCircles)));

        assertThat(circles).isEmpty();
    }

    @Test
    void whatIsWrittenOfLevelsIsTrue() throws IOException {
        List<TextFile> files = Repository.textFiles();

        assertThat(House.TULI.untrue(files)).isEmpty();
        assertThat(new House(Map.of("io.tuli.ring", 9)).untrue(files))
                .contains(
                        "core/src/main/java/io/tuli/ring/package-info.java: say Level 9",
                        "ARCHITECTURE.md: say | 9 | `io.tuli.ring`");
    }

    @Test
    void longCircleIsFound() {
        assertThat(
                        Circles.longerThan(
                                1,
                                new ClassFileImporter()
                                                .importClasses(CircleLeft.class, CircleRight.class)
                                                .stream()))
                .containsExactly(Set.of(CircleLeft.class.getName(), CircleRight.class.getName()));
    }

    @Test
    void coreIsPure() {
        assertThat(
                        house.stream()
                                .filter(House.TULI::isCore)
                                .flatMap(c -> Purity.impurities(c, House.isVocabulary(c))))
                .isEmpty();
    }

    @Test
    void staticFieldsAreFinal() {
        assertThat(house.stream().flatMap(type -> type.getFields().stream()))
                .filteredOn(HouseRulesTest::isStaticVariable)
                .isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        assertThat(house.stream().flatMap(type -> BannedWords.in(type.getSimpleName()))).isEmpty();
    }

    @Test
    void nothingRunsOnTheCommonPool() {
        assertThat(house.stream().flatMap(SharedPool::users)).isEmpty();
    }

    @Test
    void climbingIsFound() {
        House crooked = new House(Map.of("io.tuli.examples", 1, "org.assertj.core.api", 1));
        House empty = new House(Map.of());

        assertThat(crooked.climbs(example(HouseRulesTest.class)))
                .contains(
                        "io.tuli.examples.HouseRulesTest may not import"
                                + " org.assertj.core.api.Assertions");
        assertThat(empty.climbs(BAD))
                .containsExactly("io.tuli.examples has no level: add it to House");
    }

    @Test
    void impurityIsFound() {
        assertThat(Purity.impurities(BAD, false))
                .extracting(impurity -> impurity.substring(impurity.indexOf(": ") + 2))
                .contains(
                        "java.lang.System.nanoTime",
                        "java.lang.Thread",
                        "java.util.UUID.randomUUID",
                        "java.util.concurrent.CompletableFuture",
                        "java.util.concurrent.locks.LockSupport",
                        "lock of locked")
                .doesNotContain("java.lang.System.arraycopy", "java.util.List");
        assertThat(Purity.impurities(BAD, true))
                .noneMatch(impurity -> impurity.endsWith("CompletableFuture"));
    }

    @Test
    void staticVariableIsFound() {
        assertThat(BAD.getFields()).filteredOn(HouseRulesTest::isStaticVariable).hasSize(1);
    }

    @Test
    void useOfTheCommonPoolIsFound() {
        assertThat(SharedPool.users(BAD))
                .extracting(use -> use.substring(use.indexOf(": ") + 2))
                .containsExactlyInAnyOrder(
                        "runAsync",
                        "thenRunAsync",
                        "delayedExecutor",
                        "parallelStream",
                        "commonPool");
    }

    private static boolean isStaticVariable(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.FINAL);
    }

    private static JavaClass example(Class<?> type) {
        return new ClassFileImporter().importClasses(type).get(type);
    }

    /** Everything that the rules forbid. */
    @SuppressWarnings("UnusedMethod")
    private static final class Bad {
        private static long calls;

        synchronized long locked() {
            return calls++;
        }

        Object impure() {
            LockSupport.unpark(new Thread());
            List<Long> list = List.of(System.nanoTime());
            System.arraycopy(new int[1], 0, new int[1], 0, 1);
            return list.contains(0L) ? list : UUID.randomUUID();
        }

        Object lazy() {
            CompletableFuture<Void> started = CompletableFuture.runAsync(this::locked);
            started.thenRunAsync(this::locked);
            started.thenRunAsync(this::locked, CompletableFuture.delayedExecutor(1, TimeUnit.DAYS));
            started.thenRunAsync(this::locked, ForkJoinPool.commonPool());
            return List.of(1).parallelStream();
        }
    }
}
