package io.github.orgmilter.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The indexes against the linear search that they replace. */
class IndexTest {

    private final Random random = new Random(5);

    @Test
    void theAddressIndexFindsEveryRangeThatHoldsAnAddress() {
        int found = 0;
        for (int run = 0; run < 100; run++) {
            List<AddressRange> ranges = IntStream.range(0, random.nextInt(run < 95 ? 40 : 2000))
                    .mapToObj(i -> range())
                    .toList();
            AddressIndex<Integer> index = changed(ranges);
            for (int i = 0; i < 100; i++) {
                IpAddress address = address();
                Set<Integer> expected = IntStream.range(0, ranges.size())
                        .filter(k -> ranges.get(k).contains(address))
                        .boxed()
                        .collect(Collectors.toSet());
                List<Integer> actual = new ArrayList<>();
                index.forEachContaining(address, (range, position) -> {
                    assertThat(range).isEqualTo(ranges.get(position));
                    actual.add(position);
                });
                if (actual.size() != expected.size() || !expected.equals(new HashSet<>(actual))) {
                    assertThat(actual).as(address + " in " + ranges).containsExactlyInAnyOrderElementsOf(expected);
                }
                assertThat(index.contains(address)).isEqualTo(!expected.isEmpty());
                found += actual.size();
            }
        }
        assertThat(found).isGreaterThan(30_000);
    }

    @Test
    void theAddressIndexFindsEveryRangeThatOverlapsOneOfAnotherGroup() {
        int found = 0;
        for (int run = 0; run < 200; run++) {
            Map<IpAddress, AddressRange> byFirst = new HashMap<>();
            IntStream.range(0, random.nextInt(run < 195 ? 40 : 2000))
                    .mapToObj(i -> range())
                    .forEach(range -> byFirst.put(range.first(), range));
            List<AddressRange> ranges = List.copyOf(byFirst.values());
            int groups = 1 + random.nextInt(4);
            Set<Integer> reported = new HashSet<>();
            changed(ranges).forEachOverlap(() -> {}, (one, other) -> one % groups != other % groups, (entry, other) -> {
                assertThat(entry.range().overlaps(other.range())).isTrue();
                assertThat(entry.value() % groups).isNotEqualTo(other.value() % groups);
                assertThat(reported.add(entry.value())).isTrue();
            });
            Set<Integer> expected = IntStream.range(0, ranges.size())
                    .filter(i -> IntStream.range(0, ranges.size())
                            .anyMatch(k -> i % groups != k % groups
                                    && ranges.get(k)
                                                    .first()
                                                    .compareTo(ranges.get(i).first())
                                            < 0
                                    && ranges.get(k).overlaps(ranges.get(i))))
                    .boxed()
                    .collect(Collectors.toSet());
            assertThat(reported).isEqualTo(expected);
            found += reported.size();
        }
        assertThat(found).isGreaterThan(500);
    }

    @Test
    void theAddressIndexKnowsTheEndsOfTheWorld() {
        IpAddress zero = new IpAddress(0, 0);
        IpAddress ones = new IpAddress(-1, -1);
        AddressIndex<Integer> index = changed(List.of(new AddressRange(zero, zero), new AddressRange(ones, ones)));
        assertThat(index.contains(zero)).isTrue();
        assertThat(index.contains(ones)).isTrue();
        assertThat(index.contains(new IpAddress(0, 1))).isFalse();
        assertThat(index.contains(new IpAddress(-1, -2))).isFalse();
        assertThat(changed(List.of()).contains(zero)).isFalse();
        // An IPv6 range that runs across the IPv4-mapped ones holds no IPv4 address.
        AddressIndex<Integer> across = changed(List.of(new AddressRange(zero, ones)));
        assertThat(across.contains(IpAddress.parse("192.0.2.1").orElseThrow())).isFalse();
    }

    /** The ranges, each with its place as value, of which some were there at once, some came later, and others went. */
    private AddressIndex<Integer> changed(List<AddressRange> ranges) {
        List<AddressIndex.Entry<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            entries.add(new AddressIndex.Entry<>(ranges.get(i), i));
        }
        int first = random.nextInt(ranges.size() + 1);
        List<AddressIndex.Entry<Integer>> more = new ArrayList<>(entries.subList(0, first));
        List<AddressRange> others = new ArrayList<>();
        for (int i = 0; i < random.nextInt(ranges.size() + 1); i++) { // some the same as those that stay
            others.add(random.nextBoolean() ? range() : ranges.get(random.nextInt(ranges.size())));
            more.add(new AddressIndex.Entry<>(others.get(i), -1));
        }
        AddressIndex<Integer> before = new AddressIndex<>(more, () -> {});
        for (int i = first; i < entries.size(); i++) {
            before = before.with(List.of(), value -> false, List.of(entries.get(i)));
        }
        AddressIndex<Integer> after = before.with(others, value -> value == -1, List.of());
        IpAddress address = address();
        List<Integer> there = new ArrayList<>();
        before.forEachContaining(address, (range, value) -> there.add(value));
        assertThat(there.stream().filter(value -> value == -1).count())
                .as("what a change replaces stays as it was")
                .isEqualTo(
                        others.stream().filter(range -> range.contains(address)).count());
        return after;
    }

    // Few values, so that ranges nest, overlap, touch and repeat; both families, and both sides of the sign bit.
    private IpAddress address() {
        int value = random.nextInt(64);
        return switch (random.nextInt(4)) {
            case 0 -> new IpAddress(0, 0xffffL << 32 | value);
            case 1 -> new IpAddress(0, 0xffffL << 32 | 0xffffffc0L | value);
            case 2 -> new IpAddress(value % 2 == 0 ? -1 : 0x20010db8L << 32, value - 32);
            default -> new IpAddress(random.nextLong(), random.nextLong());
        };
    }

    private AddressRange range() {
        IpAddress one = address();
        IpAddress other = address();
        while (other.isIPv4() != one.isIPv4()) {
            other = address();
        }
        return one.compareTo(other) <= 0 ? new AddressRange(one, other) : new AddressRange(other, one);
    }

    @Test
    void theCertificateIndexFindsEveryPatternThatMatches() {
        int found = 0;
        for (int run = 0; run < 100; run++) {
            List<CertificateNamePattern> patterns = IntStream.range(0, random.nextInt(60))
                    .mapToObj(i -> pattern((random.nextBoolean() ? "*." : "") + name(2)))
                    .toList();
            CertificateIndex<Integer> index = patternsOf(patterns);
            for (int i = 0; i < 100; i++) {
                String text = (random.nextInt(4) == 0 ? "*." : "") + name(1);
                CertificateName name = CertificateName.of(
                                random.nextBoolean()
                                        ? text
                                        : pattern("x." + text.replace("*.", ""))
                                                .domain()
                                                .ascii()
                                                .substring(2))
                        .orElseThrow();
                Set<Integer> expected = IntStream.range(0, patterns.size())
                        .filter(k -> patterns.get(k).matches(name))
                        .boxed()
                        .collect(Collectors.toSet());
                List<Integer> actual = new ArrayList<>();
                index.forEachMatching(name, (pattern, position) -> {
                    assertThat(pattern).isSameAs(patterns.get(position));
                    actual.add(position);
                });
                assertThat(actual).as(name + " in " + patterns).containsExactlyInAnyOrderElementsOf(expected);
                found += actual.size();
            }
        }
        assertThat(found).isGreaterThan(1_500);
    }

    /** The patterns, each with its place as value, in several changes between which others came and went. */
    private CertificateIndex<Integer> patternsOf(List<CertificateNamePattern> patterns) {
        CertificateIndex.Edit<Integer> edit = new CertificateIndex<Integer>().edit();
        for (int i = 0; i < patterns.size(); i++) {
            edit.add(patterns.get(random.nextInt(patterns.size())), -1);
            edit.add(patterns.get(i), i);
            if (random.nextInt(8) == 0) {
                edit = edit.done().edit();
            }
        }
        for (CertificateNamePattern pattern : patterns) {
            edit.remove(pattern, value -> value == -1);
        }
        return edit.done();
    }

    private static CertificateNamePattern pattern(String text) {
        try {
            return CertificateNamePattern.parse(text);
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    private String name(int fewestLabels) {
        List<String> labels = List.of("a", "b", "müller", "xn--mller-kva", "ab");
        return IntStream.range(0, fewestLabels + random.nextInt(4))
                .mapToObj(i -> labels.get(random.nextInt(labels.size())))
                .collect(Collectors.joining("."));
    }
}
