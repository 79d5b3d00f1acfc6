package io.github.orgmilter.rows;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.settings.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with a row that the readers of the files cannot find, as no file can have it. */
final class RowChecks {

    /** Longer than any key. It is not compared with them: that takes time for each letter. */
    private static final int LONGEST_SETTING = 100;

    private static final char REPLACEMENT = '\ufffd';

    private final RowRules rules;
    private final Set<SettingKey> plain =
            new HashSet<>(); // keys that have a value of their own, where others are nested
    private final List<Setting> rows = new ArrayList<>();
    private final List<Setting> bad = new ArrayList<>();
    private final List<Located<Problem>> problems = new ArrayList<>();

    RowChecks(List<Setting> all, RowRules rules) {
        this.rules = rules;
        if (all.stream().anyMatch(RowChecks::isNested)) {
            all.stream().filter(row -> !isNested(row)).map(SettingKey::of).forEach(plain::add);
        }
        all.forEach(this::check);
    }

    private static boolean isNested(Setting row) {
        return row.setting().indexOf('.') >= 0;
    }

    private void check(Setting row) {
        SettingKey settingKey = SettingKey.of(row);
        String key = settingKey.name();
        if (RowRules.TO_BE_LISTED.contains(key) && !rules.settings().contains(key)) {
            if (key.equals(Names.REQUIRED_HEADERS)) {
                bad.add(row); // without it, the connector would be wider
            }
            // Else as if it were not there: what was good under other rules is not good any more.
            add(row, "a directory may not set this key", "remove the row, or add " + key + " to directory.settings");
            return;
        }
        Optional<InvalidValueException> wrong = wrong(row, settingKey);
        if (wrong.isEmpty()) {
            rows.add(row);
        } else {
            bad.add(row);
            add(row, wrong.get().problem(), wrong.get().repair());
        }
    }

    private Optional<InvalidValueException> wrong(Setting row, SettingKey key) {
        if (key.isWhole()) {
            return wrong("a row without a setting", "name a key such as accepted-domains, or remove the row");
        }
        if (row.connector().isEmpty() && key.name().equals(Names.CONNECTORS)) {
            return wrong("unknown key", "write the name of the connector into its own column");
        }
        if (row.connector().isEmpty() && key.name().equals(Names.PARTNERS)) {
            return wrong(
                    "unknown key",
                    "write " + Names.PARTNER + " and the name of the partner into the column for connectors");
        }
        if (row.setting().length() > LONGEST_SETTING) {
            return wrong("unknown key", "use a key of orgmilter.conf");
        }
        if (isNested(row) && plain.contains(key)) {
            return wrong("unknown key", "use " + key.name());
        }
        int most = rules.limits().characters();
        if (row.connector().length() > most || row.value().length() > most) {
            return wrong(
                    "the " + (row.value().length() > most ? "value" : "name") + " has more than " + most
                            + " characters",
                    "shorten it");
        }
        if (key.name().equals(Names.REQUIRED_HEADERS) && !isText(row.value())) { // which may be a secret
            return wrong("the value is not valid text", "store it in UTF-8");
        }
        return isText(row.connector()) ? wrongText(row.value()) : wrongText(row.connector());
    }

    private static boolean isText(String text) {
        return text.indexOf(REPLACEMENT) < 0;
    }

    private static Optional<InvalidValueException> wrongText(String text) {
        return isText(text) ? Optional.empty() : wrong("\"" + text + "\" is not valid text", "store it in UTF-8");
    }

    private static Optional<InvalidValueException> wrong(String problem, String repair) {
        return Optional.of(new InvalidValueException(problem, repair));
    }

    private void add(Setting row, String problem, String repair) {
        Location section = RowSource.place(row.organization(), row.connector());
        Location place = row.setting().isEmpty() ? section : section.below(row.setting());
        problems.add(new Located<>(place.problem(problem, repair), place));
    }

    /** The rows that the readers are to read. */
    List<Setting> rows() {
        return rows;
    }

    /** The rows that they cannot read; those that may not be set are in neither list. */
    List<Setting> bad() {
        return bad;
    }

    List<Located<Problem>> problems() {
        return problems;
    }
}
