package io.tuli.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import io.tuli.interest.ModelMember.Ear;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * P4, of members with links that break, from seeds: who is ready hears all but what is counted as
 * missed, in the order of who published it, nothing twice, and one of each group.
 */
class PublishModelTest {

    private static final int SEEDS = Integer.getInteger("tuli.seeds", 100);
    private static final long FIRST = Long.getLong("tuli.seed", 1);
    private static final String[] TOKENS = {"eu", "us", "milan", "price", "x"};

    /** What was published, and who was to hear it. */
    private record Said(
            MemberId by, String subject, List<Ear> plain, Map<String, List<Ear>> groups) {}

    /** What happened from one seed. */
    private record Run(long seed, Map<Long, Said> said, List<ModelMember> all, boolean hasFaults) {}

    @Test
    void whoIsReadyHearsAllWhereNothingBreaks() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            run(seed, false);
        }
    }

    @Test
    void whoIsReadyHearsAllButWhatIsCountedWhereLinksBreakAndMembersDie() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            run(seed, true);
        }
    }

    private static void run(long seed, boolean hasFaults) {
        ModelNetwork network = new ModelNetwork(seed);
        int servers = 1 + network.random.nextInt(3);
        for (int i = 0; i < servers; i++) {
            network.join(true);
        }
        for (int i = network.random.nextInt(4); i > 0; i--) {
            network.join(false);
        }
        network.settle();
        Map<Long, Said> said = new LinkedHashMap<>();
        List<ModelMember> all = List.copyOf(network.members);
        for (int i = 0; i < 300; i++) {
            act(network, said);
            if (hasFaults && network.random.nextInt(20) == 0) {
                strike(network);
            }
            for (int steps = network.random.nextInt(12); steps > 0; steps--) {
                network.step();
            }
        }
        network.members.forEach(member -> member.mayLeave = true);
        network.settle();
        // What was lost last is noticed with what comes next.
        for (ModelMember member : network.members) {
            for (ModelMember other : network.members) {
                other.ears.forEach(
                        ear -> member.publish(ear.pattern.replace('*', 'x').replace('>', 'x'), -1));
            }
        }
        network.settle();
        expect(new Run(seed, said, all, hasFaults), network);
    }

    private static void act(ModelNetwork network, Map<Long, Said> said) {
        ModelMember member = network.members.get(network.random.nextInt(network.members.size()));
        int what = network.random.nextInt(10);
        if (what == 0 && member.ears.size() < 6) {
            String group = network.random.nextInt(3) == 0 ? "g" + network.random.nextInt(2) : "";
            member.subscribe(pattern(network), group);
        } else if (what == 1) {
            network.tick();
        } else {
            publish(network, member, said);
        }
    }

    private static void publish(ModelNetwork network, ModelMember by, Map<Long, Said> said) {
        String subject = subject(network);
        List<Ear> plain = new ArrayList<>();
        Map<String, List<Ear>> groups = new HashMap<>();
        for (ModelMember member : network.members) {
            for (Ear ear : member.ears) {
                if (ear.isKnownTo(by, network) && SubjectsTest.fits(ear.pattern, subject)) {
                    if (ear.group().isEmpty()) {
                        plain.add(ear);
                    } else {
                        groups.computeIfAbsent(ear.group(), group -> new ArrayList<>()).add(ear);
                    }
                }
            }
        }
        long number = said.size() + 1L;
        said.put(number, new Said(by.id, subject, plain, groups));
        by.publish(subject, number);
    }

    private static String subject(ModelNetwork network) {
        StringBuilder subject = new StringBuilder("eu");
        for (int i = network.random.nextInt(3); i > 0; i--) {
            subject.append('.').append(TOKENS[network.random.nextInt(TOKENS.length)]);
        }
        return subject.toString();
    }

    private static String pattern(ModelNetwork network) {
        return switch (network.random.nextInt(5)) {
            case 0 -> ">";
            case 1 -> "eu.>";
            case 2 -> "*.milan";
            case 3 -> "eu.*.price";
            default -> subject(network);
        };
    }

    private static void strike(ModelNetwork network) {
        List<ModelMember> all = network.members;
        ModelMember a = all.get(network.random.nextInt(all.size()));
        ModelMember b = all.get(network.random.nextInt(all.size()));
        switch (network.random.nextInt(6)) {
            case 0 -> {
                boolean isLastServer =
                        a.isServer && all.stream().filter(each -> each.isServer).count() == 1;
                if (!isLastServer && all.size() > 2) {
                    network.kill(a);
                }
            }
            case 1 -> a.mayLeave = !a.mayLeave;
            case 2, 3 -> network.cut(a, b);
            default -> network.connectAll();
        }
    }

    private static void expect(Run run, ModelNetwork network) {
        long seed = run.seed;
        Map<Ear, Long> lost = new HashMap<>();
        for (ModelMember member : run.all) {
            for (Ear ear : member.ears) {
                expectInOrder(seed, ear, run.said);
            }
        }
        List<MemberId> living = network.members.stream().map(each -> each.id).toList();
        run.said.forEach(
                (number, what) -> {
                    for (Ear ear : what.plain()) {
                        // What a dead member's links held is lost, and nobody knows how much.
                        if (living.contains(what.by()) && !hasHeard(ear, what, number)) {
                            lost.merge(ear, 1L, Long::sum);
                        }
                    }
                    for (String group : List.of("g0", "g1")) {
                        expectOne(run, number, group);
                    }
                });
        lost.forEach(
                (ear, count) -> {
                    boolean isExcused =
                            ear.at.isDead
                                    || (run.hasFaults && ear.at.homesLost > 0 && ear.missed > 0);
                    if (!isExcused) {
                        assertThat(count)
                                .as("seed %s: P4, what %s lost of what is counted", seed, ear)
                                .isLessThanOrEqualTo(ear.missed);
                    }
                });
        if (!run.hasFaults) {
            assertThat(lost).as("seed %s: P4, nothing is lost", seed).isEmpty();
        }
    }

    private static boolean hasHeard(Ear ear, Said what, long number) {
        return ear.heard.getOrDefault(what.by(), List.of()).contains(number);
    }

    /** In order, and so each once; and only what it wants. */
    private static void expectInOrder(long seed, Ear ear, Map<Long, Said> said) {
        ear.heard.forEach(
                (by, numbers) -> {
                    List<Long> own = numbers.stream().filter(number -> number > 0).toList();
                    assertThat(own)
                            .as("seed %s: P4, order and each once: %s from %s", seed, ear, by)
                            .isSorted()
                            .doesNotHaveDuplicates();
                    for (long number : own) {
                        assertThat(SubjectsTest.fits(ear.pattern, said.get(number).subject()))
                                .as("seed %s: %s hears what it wants", seed, ear)
                                .isTrue();
                    }
                });
    }

    private static void expectOne(Run run, long number, String group) {
        Said what = run.said.get(number);
        long heard =
                run.all.stream()
                        .flatMap(member -> member.ears.stream())
                        .filter(ear -> ear.group().equals(group))
                        .filter(ear -> hasHeard(ear, what, number))
                        .count();
        String rule = "seed " + run.seed + ": P4, one of " + group + " gets " + what;
        assertThat(heard).as(rule).isLessThan(2);
        if (!run.hasFaults && what.groups().containsKey(group)) {
            assertThat(heard).as(rule).isEqualTo(1);
        }
    }
}
