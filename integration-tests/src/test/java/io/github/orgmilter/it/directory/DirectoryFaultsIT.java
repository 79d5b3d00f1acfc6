package io.github.orgmilter.it.directory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What happens to the store of customers under a steady stream of mail: nothing is decided wrongly, nothing waits, no client sees a
 * temporary failure that the rules did not ask for, and all recovers by itself. Where a store has survived one fault, the next
 * happens to the same.
 */
@ParameterizedClass(name = "of {0}")
@MethodSource("stores")
@DisplayName("No client of two nodes notices that the store")
final class DirectoryFaultsIT {

    @TempDir
    private static Path folder;

    private static FaultScene scene;
    private static Fragile kind;

    DirectoryFaultsIT(Fragile store) {
        kind = store;
    }

    static List<Fragile> stores() {
        return Fragile.due();
    }

    @BeforeParameterizedClassInvocation
    static void startPostfixes(Fragile store) throws IOException {
        kind = store;
        scene = new FaultScene(folder);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        if (scene != null) {
            scene.close();
        }
    }

    static List<Fault> faults() {
        return Faults.due(kind);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("faults")
    void happens(Fault fault) throws Exception {
        scene.survive(kind, fault);
    }
}
