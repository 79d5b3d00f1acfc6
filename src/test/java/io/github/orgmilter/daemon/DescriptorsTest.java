package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The descriptors of the process")
final class DescriptorsTest {

    @ParameterizedTest(name = "of {0} open files {1} are the operator's")
    @CsvSource({"1048576, 64", "1024, 64", "400, 50", "100, 12", "20, 8"})
    @DisplayName("leave mail all descriptors but a few")
    void descriptors(int most, int admin) {
        Descriptors descriptors = new Descriptors(most, 30);
        int loops = 3 * (Runtime.getRuntime().availableProcessors() + 1);
        assertThat(descriptors.forAdmin()).isEqualTo(admin);
        assertThat(descriptors.forMail(3)).isEqualTo(Math.max(1, most - 30 - 3 - loops - 64 - admin));
    }

    @Test
    @DisplayName("know how many descriptors there are")
    void descriptorsOfProcess() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             7823                 7823                 processes ",
                "Max open files            1024                 524288               files     ");
        assertThat(Descriptors.limit(limits)).isEqualTo(1024);
        assertThat(Descriptors.limit(
                        List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Integer.MAX_VALUE);
        Descriptors own = Descriptors.ofProcess();
        assertThat(own.open()).isBetween(3, own.most());
    }
}
