package io.github.orgmilter.rows;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.settings.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A value from rows: an object of settings, connectors or partners, or the rows of one setting, which are its value or the elements of its
 * list. The column of an element's location is the number of its row, counted from 1.
 */
final class RowNode extends Node {

    /** No row is as old as a file's claim. */
    private static final long OLDEST = AcceptedDomain.OF_FILE + 1;

    // Both are made once there is something in them: most nodes are rows, and have neither.
    private List<RowNode> rows = List.of();
    private Map<String, RowNode> members = Map.of();
    private final String value; // of a row
    private final long since;
    private final boolean object;

    private RowNode(Location location, Problems problems, boolean object) {
        this(location, problems, "", AcceptedDomain.UNDATED, object);
    }

    private RowNode(Location location, Problems problems, String value, long since, boolean object) {
        super(location, problems);
        this.value = value;
        this.since = since;
        this.object = object;
    }

    /** An organization, from its rows. */
    static Member organization(String name, List<Setting> rows, Problems problems) {
        RowNode organization = new RowNode(RowSource.place(name), problems, true);
        int number = 0;
        for (Setting row : rows) {
            number++;
            RowNode section = organization.section(row.connector());
            int dot = row.setting().indexOf('.');
            RowNode setting = dot < 0
                    ? section.member(row.setting(), false)
                    : section.member(row.setting().substring(0, dot), false)
                            .member(row.setting().substring(dot + 1), false);
            setting.add(row, number);
        }
        return new Member(name, organization);
    }

    private RowNode section(String connector) {
        if (connector.isEmpty()) {
            return this;
        }
        return ClosedPartner.isPartner(connector)
                ? member(Names.PARTNERS, true).member(connector.substring(Names.PARTNER.length()), true)
                : member(Names.CONNECTORS, true).member(connector, true);
    }

    private RowNode member(String name, boolean isObject) {
        RowNode present = members.get(name);
        if (present != null) {
            return present;
        }
        RowNode made = new RowNode(location().below(name), problems(), isObject);
        members = members.isEmpty() ? new LinkedHashMap<>(8) : members;
        members.put(name, made);
        return made;
    }

    private void add(Setting row, int number) {
        Location place = new Location(location().source(), 0, number, location().path());
        rows = rows.isEmpty() ? new ArrayList<>(4) : rows;
        rows.add(new RowNode(place, problems(), row.value(), Math.max(row.since(), OLDEST), false));
    }

    @Override
    public Kind kind() {
        if (object || !members.isEmpty()) {
            return Kind.OBJECT;
        }
        return rows.size() > 1 ? Kind.ROWS : Kind.STRING;
    }

    @Override
    protected String scalar() {
        return rows.isEmpty() ? value : rows.get(0).value;
    }

    @Override
    protected List<Node> items() {
        return List.copyOf(rows);
    }

    // A list of one element is written as any other value.
    @Override
    public List<Node> elements() {
        return isObject() ? super.elements() : items();
    }

    @Override
    public boolean isPlainText() {
        return true;
    }

    @Override
    public OptionalLong since() {
        return OptionalLong.of(since);
    }

    @Override
    public Set<String> names() {
        return members.keySet();
    }

    @Override
    public Optional<Node> child(String name) {
        return Optional.ofNullable(members.get(name));
    }

    @Override
    protected List<Member> entries() {
        List<Member> entries = new ArrayList<>(members.size());
        members.forEach((name, node) -> entries.add(new Member(name, node)));
        return entries;
    }
}
