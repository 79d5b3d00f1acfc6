package io.github.orgmilter.identification.shared;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.identification.ConnectorIndex;
import io.github.orgmilter.identification.FieldCounts;
import io.github.orgmilter.identification.Member;
import io.github.orgmilter.index.SuffixTable;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the fronts that a client has to do with. Immutable: an {@link Edit} makes the next one. */
public final class Fronts {

    private final SuffixTable<Front> byKey;
    private final ConnectorIndex<Front> index;
    private final SuffixTable<Integer>
            removed; // by a front's id and a field's name: how many connectors have it removed
    private final int nextId;

    /** None. */
    public Fronts() {
        this(new SuffixTable<>(), new ConnectorIndex<>(Front::key), new SuffixTable<>(), 0);
    }

    private Fronts(SuffixTable<Front> byKey, ConnectorIndex<Front> index, SuffixTable<Integer> removed, int nextId) {
        this.byKey = byKey;
        this.index = index;
        this.removed = removed;
        this.nextId = nextId;
    }

    public boolean isEmpty() {
        return byKey.size() == 0;
    }

    /** By what a client must have first; only by it. */
    public ConnectorIndex<Front> index() {
        return index;
    }

    /** Whether any field is removed from the messages of any client. */
    public boolean removeAny() {
        return removed.size() > 0;
    }

    /** Whether a connector of the front has the field removed. */
    public boolean remove(Front front, FieldName name) {
        return removed.get(removalKey(front, name)) != null;
    }

    private static String removalKey(Front front, FieldName name) {
        return front.id() + ":" + name.key();
    }

    public Edit edit() {
        return new Edit(this);
    }

    /** Changes to the fronts, which stay as they are. */
    public static final class Edit {

        private final Fronts before;
        private final Map<String, Front> changed = new LinkedHashMap<>();
        private final SuffixTable.Edit<Integer> removed;
        private int nextId;

        private Edit(Fronts before) {
            this.before = before;
            removed = before.removed.edit();
            nextId = before.nextId;
        }

        public void add(Member member) {
            change(member, 1);
        }

        public void remove(Organization organization, Connector connector) {
            change(new Member(organization, connector, 0), -1);
        }

        private void change(Member member, int sign) {
            Connector connector = member.connector();
            String key = Front.key(member.organization(), connector);
            Front front = changed.get(key);
            front = front == null ? before.byKey.get(key) : front;
            front = front == null ? new Front(nextId++, key, member) : front;
            changed.put(key, front.plus(connector, sign));
            if (connector.enabled() && connector.requiredHeaders().removed()) {
                for (FieldName name : connector.requiredHeaders().fields().keySet()) {
                    FieldCounts.add(removed, removalKey(front, name), sign);
                }
            }
        }

        public Fronts done(Runnable pause) {
            if (changed.isEmpty()) {
                return before;
            }
            SuffixTable.Edit<Front> byKey = before.byKey.edit();
            ConnectorIndex.Edit<Front> index = before.index.edit();
            for (Front front : changed.values()) {
                pause.run();
                Front old = byKey.get(front.key());
                if (old != null) {
                    index.remove(old.prototype().connector(), old.key());
                    byKey.remove(old.key());
                }
                if (front.connectors() > 0) {
                    index.add(front.prototype().connector(), front);
                    byKey.put(front.key(), front);
                }
            }
            return new Fronts(byKey.done(), index.done(before.isEmpty(), pause), removed.done(), nextId);
        }
    }
}
