package io.tuli.check;

import io.tuli.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Linearizability by its definition: tries every order of every choice of what took effect. */
final class BruteForce {

    private BruteForce() {}

    static boolean isLinearizable(List<RegisterOperation> history) {
        List<RegisterOperation> may =
                history.stream().filter(each -> !each.span().hasFailed()).toList();
        return fits(may, new ArrayList<>(), 0);
    }

    private static boolean fits(
            List<RegisterOperation> left, List<RegisterOperation> order, long value) {
        if (left.stream().noneMatch(each -> each.span().isOk()) && respectsTime(order)) {
            return true;
        }
        for (RegisterOperation next : left) {
            OptionalLong after =
                    next.span().outcome() == Outcome.UNKNOWN
                            ? OptionalLong.of(next.step().blindlyAfter(value))
                            : next.step().after(value);
            if (after.isPresent()) {
                List<RegisterOperation> others = new ArrayList<>(left);
                others.remove(next);
                List<RegisterOperation> longer = new ArrayList<>(order);
                longer.add(next);
                if (fits(others, longer, after.getAsLong())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean respectsTime(List<RegisterOperation> order) {
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                if (order.get(j).span().isBefore(order.get(i).span())) {
                    return false;
                }
            }
        }
        return true;
    }
}
