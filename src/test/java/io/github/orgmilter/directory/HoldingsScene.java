package io.github.orgmilter.directory;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Holdings, what a policy would have of them, and customers for them. */
abstract class HoldingsScene {

    static final double MOST = 0.2;

    Instant now = Instant.EPOCH.plus(Duration.ofDays(20_000));
    final Holdings holdings = holdings();
    final Map<String, String> policy = new TreeMap<>();

    static Holdings holdings() {
        return new Holdings(new RowsReader(RowRules.STANDARD), MOST);
    }

    final Update load(long version, List<Setting> rows) throws StoreException {
        Update update = load(holdings, version, rows, now);
        follow(policy, update);
        return update;
    }

    static Update load(Holdings holdings, long version, List<Setting> rows, Instant now) throws StoreException {
        WholeLoad load = holdings.begin(Throttle.none());
        rows.forEach(load::accept);
        load.end(OptionalLong.of(version));
        return holdings.take(load, now);
    }

    final Update apply(long version, Map<String, List<Setting>> organizations) {
        Update update = holdings.apply(new Store.Changes(version, organizations), now);
        follow(policy, update);
        return update;
    }

    /** What a policy would have. */
    static void follow(Map<String, String> policy, Update update) {
        update.removed().forEach(policy::remove);
        for (Organization organization : update.put()) {
            policy.put(organization.name(), Rows.text(organization));
        }
    }

    static List<Setting> customers(int from, int to) {
        List<Setting> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.addAll(customer(i));
        }
        return rows;
    }

    static List<Setting> customer(int i) {
        return Rows.settings(
                "customer" + i,
                "|accepted-domains|customer" + i + ".example",
                "|accepted-domains|customer" + i + ".test",
                "office|addresses|192.0.2." + i % 256);
    }
}
