package io.github.orgmilter.identification.shared;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.FieldCounts;
import io.github.orgmilter.identification.Member;
import io.github.orgmilter.index.MultiTable;
import io.github.orgmilter.index.SuffixTable;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.RequiredHeaders;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds the enabled connectors whose required header fields a message has, by the values of the fields: the others are not looked at,
 * however many there are. Immutable: an {@link Edit} makes the next one.
 *
 * <p>A connector that requires several fields is in the table by each of them, so it is found by the rarest.
 */
public final class FieldIndex {

    private final MultiTable<FieldName, Member> members; // by the number of fields, and a field with a value
    private final SuffixTable<Integer> names;
    private final int most; // fields of one connector, so far

    /** An empty one. */
    public FieldIndex() {
        this(new MultiTable<>(), new SuffixTable<>(), 0);
    }

    private FieldIndex(MultiTable<FieldName, Member> members, SuffixTable<Integer> names, int most) {
        this.members = members;
        this.names = names;
        this.most = most;
    }

    private static String key(int fields, FieldName name, FieldValue value) {
        return fields + ":" + name.key() + ":" + value.key();
    }

    /** The names of all fields that any connector requires, in a set that only looks them up. */
    public Set<FieldName> names() {
        return new AbstractSet<>() {
            @Override
            public boolean contains(Object name) {
                return name instanceof FieldName field && names.get(field.key()) != null;
            }

            @Override
            public int size() {
                return names.size();
            }

            @Override
            public Iterator<FieldName> iterator() {
                throw new UnsupportedOperationException("the names are only looked up");
            }
        };
    }

    /** Those whose fields all hold, in no particular order. */
    public List<Member> holding(HeaderFields fields) {
        List<Member> holding = new ArrayList<>(1);
        for (int required = 1; required <= most; required++) {
            List<String> keys = rarest(fields, required);
            // By several fields, one connector may be found several times.
            Set<Member> seen = keys.size() < 2 ? Set.of() : Collections.newSetFromMap(new IdentityHashMap<>());
            for (String key : keys) {
                members.forEach(key, (name, member) -> {
                    if ((keys.size() < 2 || seen.add(member))
                            && member.connector().requiredHeaders().hold(fields)) {
                        holding.add(member);
                    }
                });
            }
        }
        return holding;
    }

    /** The fewest connectors among which each one is that requires so many fields and can hold: it is by that many. */
    private List<String> rarest(HeaderFields fields, int required) {
        List<String> keys = new ArrayList<>(1);
        for (FieldName name : fields.names()) {
            Optional<FieldValue> value = fields.value(name);
            if (value.isPresent()) {
                String key = key(required, name, value.get());
                if (members.count(key) > 0) {
                    keys.add(key);
                }
            }
        }
        if (required == 1) {
            return keys;
        }
        keys.sort(Comparator.comparingInt(members::count));
        return keys.subList(0, Math.max(0, keys.size() - required + 1));
    }

    public Edit edit() {
        return new Edit(this);
    }

    /** Changes to an index, which stays as it is. */
    public static final class Edit {

        private final MultiTable.Edit<FieldName, Member> members;
        private final SuffixTable.Edit<Integer> names;
        private int most;

        private Edit(FieldIndex before) {
            members = before.members.edit();
            names = before.names.edit();
            most = before.most;
        }

        public void add(Member member) {
            RequiredHeaders required = member.connector().requiredHeaders();
            int fields = required.fields().size();
            most = Math.max(most, fields);
            change(member.connector(), 1, (name, value) -> members.add(key(fields, name, value), name, member));
        }

        public void remove(Organization organization, Connector connector) {
            int fields = connector.requiredHeaders().fields().size();
            change(
                    connector,
                    -1,
                    (name, value) -> members.remove(key(fields, name, value), member -> member.isOf(organization)));
        }

        private void change(Connector connector, int sign, BiConsumer<FieldName, FieldValue> each) {
            if (connector.enabled()) {
                connector.requiredHeaders().fields().forEach((name, values) -> {
                    FieldCounts.add(names, name.key(), sign);
                    values.forEach(value -> each.accept(name, value));
                });
            }
        }

        public FieldIndex done() {
            return new FieldIndex(members.done(), names.done(), most);
        }
    }
}
