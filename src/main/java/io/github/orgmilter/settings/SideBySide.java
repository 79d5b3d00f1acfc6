package io.github.orgmilter.settings;

import io.github.orgmilter.document.Problems;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Checks that do not depend on each other. What they find is in their order, on however many cores they run. */
final class SideBySide {

    private record Check(Consumer<Problems> work, Problems found) {

        void run() {
            work.accept(found);
        }
    }

    private SideBySide() {}

    /**
     * Runs all of them.
     *
     * @param onSeveralCores or else one after the other, on this thread
     * @param problems takes what they find
     * @param work each is given where to put what it finds
     */
    static void run(boolean onSeveralCores, Problems problems, List<Consumer<Problems>> work) {
        List<Check> checks =
                work.stream().map(each -> new Check(each, new Problems())).toList();
        Stream<Check> all = checks.stream();
        (onSeveralCores ? all.parallel() : all).forEach(Check::run);
        checks.forEach(check -> problems.add(check.found()));
    }
}
