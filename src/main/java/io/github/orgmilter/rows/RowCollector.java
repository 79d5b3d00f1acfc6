package io.github.orgmilter.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects the rows of one organization, and no more of them than the limits allow, whatever the store has. */
public final class RowCollector {

    private final String organization;
    private final RowLimits limits;
    private final Optional<Held> before;
    private List<Setting> rows = new ArrayList<>();
    private Set<Setting> counted = Set.of(); // of the rows before, once there are too many to hold all
    private boolean tooMany;

    public RowCollector(String organization, RowLimits limits, Optional<Held> before) {
        this.organization = organization;
        this.limits = limits;
        this.before = before;
    }

    public String organization() {
        return organization;
    }

    public void add(Setting row) {
        Setting bounded = bounded(row);
        if (!tooMany && rows.size() < limits.rows()) {
            rows.add(bounded);
            return;
        }
        if (!tooMany) {
            tooMany = true;
            counted = new HashSet<>();
            before.ifPresent(held -> held.readable().settings().forEach(each -> counted.add(LastGood.undated(each))));
            rows = new ArrayList<>(rows.stream().filter(this::isCounted).toList());
        }
        if (isCounted(bounded) && rows.size() < 2 * limits.rows()) {
            rows.add(bounded);
        }
    }

    private boolean isCounted(Setting row) {
        return counted.contains(LastGood.undated(row));
    }

    public OrganizationRows collected() {
        return tooMany ? OrganizationRows.cut(organization, rows) : OrganizationRows.of(organization, rows);
    }

    private Setting bounded(Setting row) {
        return new Setting(
                organization,
                bounded(row.connector(), limits),
                bounded(row.setting(), limits),
                bounded(row.value(), limits),
                row.since());
    }

    /** The text, or its beginning, which is longer than the limit as well. */
    public static String bounded(String text, RowLimits limits) {
        String beginning = text.length() <= limits.characters() ? text : text.substring(0, limits.characters() + 1);
        for (int i = 0; i < beginning.length(); i++) {
            if (Character.isSurrogate(beginning.charAt(i))) {
                return wellFormed(beginning);
            }
        }
        return beginning;
    }

    // What UTF-8 cannot hold must not become something else by being held.
    private static String wellFormed(String text) {
        StringBuilder wellFormed = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? '\ufffd' : c)
                .forEach(wellFormed::appendCodePoint);
        return wellFormed.toString();
    }
}
