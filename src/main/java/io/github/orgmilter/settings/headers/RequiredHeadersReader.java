package io.github.orgmilter.settings.headers;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Node.Kind;
import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.settings.RequiredField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the required header fields of a connector. Their values may be secrets, so no message repeats one. */
public final class RequiredHeadersReader {

    private static final String PREFIX = "x-";
    private static final int MOST_FIELDS = 10;
    private static final String EXAMPLE = "write required-headers { X-OriginatorOrg = [ \"contoso.com\" ] }";

    private RequiredHeadersReader() {}

    public static List<Located<RequiredField>> read(Node node) {
        if (!node.isObject()) {
            node.error("header fields without names", EXAMPLE);
            return List.of();
        }
        List<Member> members = node.names().stream()
                .flatMap(name -> node.child(name).map(value -> new Member(name, value)).stream())
                .sorted(Comparator.comparing(member -> member.node().location()))
                .toList();
        if (members.isEmpty()) {
            node.error("no header field", EXAMPLE);
        }
        if (members.size() > MOST_FIELDS) {
            node.error("more than " + MOST_FIELDS + " header fields", "use fewer: one with a secret value is enough");
        }
        Set<FieldName> names = new HashSet<>();
        List<Located<RequiredField>> fields = new ArrayList<>();
        for (Member member : members) {
            try {
                FieldName name = name(member.name());
                if (!names.add(name)) {
                    member.node().error("the field is required twice", "list all of its values at one of them");
                }
                values(name, member.node(), fields);
            } catch (InvalidValueException e) {
                member.node().error(e);
            }
        }
        return fields;
    }

    private static FieldName name(String text) throws InvalidValueException {
        FieldName name = FieldName.parse(text);
        if (!DomainName.asciiLowerCase(text).startsWith(PREFIX) || text.length() == PREFIX.length()) {
            throw new InvalidValueException(
                    "\"" + text + "\" cannot be a required header field",
                    "use a field whose name begins with X-, which the shared server sets in each message");
        }
        return name;
    }

    private static void values(FieldName name, Node node, List<Located<RequiredField>> fields) {
        if (node.kind() == Kind.NULL) {
            node.error("null is not allowed here", "list at least one value, or remove the field");
            return;
        }
        if (!node.isPlainText() && node.kind() != Kind.LIST) {
            node.error("the values of a header field are not a list", "write [ \"...\" ]");
            return;
        }
        for (Node element : node.elementsAtLeastOne()) {
            if (element.isText()) {
                value(name, element, fields);
            } else {
                element.error("a header field value that is not a string", "write it in double quotes");
            }
        }
    }

    private static void value(FieldName name, Node element, List<Located<RequiredField>> fields) {
        try {
            FieldValue value = FieldValue.parse(element.text().orElse(""));
            fields.add(new Located<>(new RequiredField(name, value), element.location()));
        } catch (InvalidValueException e) {
            element.error(e);
        }
    }

    /**
     * What a connector requires.
     *
     * @param removed whether the fields are removed from the message
     */
    public static RequiredHeaders build(List<Located<RequiredField>> fields, boolean removed) {
        Map<FieldName, Set<FieldValue>> byName = new LinkedHashMap<>();
        fields.forEach(field -> byName.computeIfAbsent(field.value().name(), any -> new LinkedHashSet<>())
                .add(field.value().value()));
        return byName.isEmpty() ? RequiredHeaders.NONE : new RequiredHeaders(byName, removed);
    }
}
