package io.github.orgmilter.header;

import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identity.DomainName;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The header fields of one message, as they come. Of those that are asked about it keeps what the rules need, and of all others
 * nothing; what it keeps is bounded, whatever comes.
 *
 * <p>MTAs take a blank between a field's name and its colon away, or not. So a field with one counts as a further copy, but its value
 * never counts.
 */
public final class HeaderFields {

    /** Octets that may be kept of one message: some 3,500 domains, or 450 of the longest values. */
    static final int MAX_KEPT = 512 * 1024;

    /** Octets of {@code From} fields that are parsed: more than any MTA hands over in one by default. */
    static final int MAX_AUTHORS = 128 * 1024;

    private static final int OVERHEAD = 128; // octets that an object takes with its place in a set

    private final Set<FieldName> asked;
    private final Map<FieldName, Field> fields = new HashMap<>(); // those that came
    private final Set<DomainName> authors = new LinkedHashSet<>();
    private int authorOctets;
    private Syntax authorSyntax = Syntax.VALID;
    private final int maxFields;
    private final int maxOctets;
    private int seen;
    private long octets;
    private int kept;
    private boolean tooMany;
    private boolean tooLarge;

    /** All fields of a name. */
    private static final class Field {
        private int copies;
        private Optional<FieldValue> value = Optional.empty(); // of the first one that has a whole name
    }

    /**
     * Before the first field.
     *
     * @param asked the fields that are asked about; {@link FieldName#FROM} for the authors
     * @param maxFields how many fields are looked at
     * @param maxOctets how many octets of names and values
     */
    public HeaderFields(Set<FieldName> asked, int maxFields, int maxOctets) {
        this.asked = asked;
        this.maxFields = maxFields;
        this.maxOctets = maxOctets;
    }

    /**
     * Takes the field that comes next.
     *
     * @param name as it came
     * @param value as it came: folded or not, in any encoding
     */
    public void add(byte[] name, byte[] value) {
        if (!count((long) name.length + value.length)) {
            return;
        }
        int length = nameLength(name);
        FieldName fieldName = fieldName(name, length);
        if (!asked.contains(fieldName)) {
            return;
        }
        Field field = fields.computeIfAbsent(fieldName, any -> new Field());
        field.copies++;
        if (fieldName.equals(FieldName.FROM)) {
            addAuthors(value);
        } else if (field.copies == 1 && length == name.length) {
            field.value = FieldValue.of(value);
            keep(field.value.map(kept -> kept.key().length()).orElse(0));
        }
    }

    /**
     * Takes a field that is too long to be read. One that is asked about takes the message past its limit.
     *
     * @param name as it came, or the beginning of the field where that has none
     * @param size octets of the name and the value
     */
    public void addUnread(byte[] name, long size) {
        if (count(size)) {
            tooLarge |= asked.contains(fieldName(name, nameLength(name)));
        }
    }

    private boolean count(long size) {
        seen++;
        octets += size;
        tooMany |= seen > maxFields;
        tooLarge |= octets > maxOctets;
        return !isPastLimit();
    }

    /** Without the blanks in front of the colon. */
    private static int nameLength(byte[] name) {
        int length = name.length;
        while (length > 0 && name[length - 1] >= 0 && name[length - 1] <= ' ') {
            length--;
        }
        return length;
    }

    private static FieldName fieldName(byte[] name, int length) {
        return new FieldName(
                new String(name, 0, Math.min(length, FieldName.MAX_LENGTH + 1), StandardCharsets.ISO_8859_1));
    }

    private void addAuthors(byte[] value) {
        authorOctets += value.length;
        if (authorOctets > MAX_AUTHORS) {
            tooLarge = true;
            return;
        }
        FromDomains from = FromDomains.of(value);
        authorSyntax = from.syntax().compareTo(authorSyntax) > 0 ? from.syntax() : authorSyntax;
        for (DomainName domain : from.domains()) {
            if (!tooLarge && authors.add(domain)) {
                keep(domain.ascii().length());
            }
        }
    }

    private void keep(int length) {
        kept += OVERHEAD + length;
        tooLarge |= kept > MAX_KEPT;
    }

    /** Whether the message has more or longer fields than are looked at; then nothing else here is to be relied on. */
    public boolean isPastLimit() {
        return tooMany || tooLarge;
    }

    /** Whether it is their number that is past the limit. */
    public boolean areTooMany() {
        return tooMany;
    }

    /** How many fields of this name, which is asked about, came, with those that have a blank in front of the colon. */
    public int copies(FieldName name) {
        Field field = fields.get(name);
        return field == null ? 0 : field.copies;
    }

    /** The value of a field that came exactly once and is asked about; empty also for a value that equals no configured one. */
    public Optional<FieldValue> value(FieldName name) {
        Field field = fields.get(name);
        return field == null || field.copies != 1 ? Optional.empty() : field.value;
    }

    /** The names that are asked about and came, in any order. */
    public Set<FieldName> names() {
        return Collections.unmodifiableSet(fields.keySet());
    }

    /** The domains of the authors in all {@code From} fields, if they are asked about. */
    public FromDomains from() {
        return new FromDomains(authors, authorSyntax);
    }

    /** About how many octets are kept. */
    public int kept() {
        return kept + fields.size() * OVERHEAD;
    }
}
