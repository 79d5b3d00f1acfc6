package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.Setting;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what an entry means. */
final class EntryReader {

    /** In place of a setting's name: each value begins with it, as in {@code sender-protection = all}. */
    static final String NAMED_IN_VALUE = "*";

    /** RFC 4530. */
    private static final String ENTRY_UUID = "entryUUID";

    /** In characters. The longest legal value, a header's, has fewer than 1,000. */
    private static final int LONGEST = 4096;

    // What cannot be a setting is the fault of one organization, whose reader refuses the NUL: the others need not wait
    // for its repair.
    private static final String TOO_LONG = "\0more than " + LONGEST + " characters";
    private static final String NOT_TEXT = "\0not UTF-8";

    private final String organization;
    private final Optional<String> connector;
    private final Map<String, List<String>> settings;

    EntryReader(Ldap ldap) {
        organization = ldap.organization();
        connector = ldap.connector();
        settings = ldap.settings();
    }

    /** Whether entries right below an organization's can be connectors. */
    boolean hasConnectors() {
        return connector.isPresent();
    }

    /** The attributes to ask for. */
    String[] attributes() {
        Set<String> attributes = new TreeSet<>(settings.keySet());
        attributes.add(organization);
        attributes.add(ENTRY_UUID);
        return attributes.toArray(String[]::new);
    }

    /** The attributes that tell whose an entry is. */
    String[] ownerAttributes() {
        return new String[] {organization};
    }

    /** What stays the same while an entry is changed, renamed and moved. */
    static Optional<UUID> id(Entry entry) {
        try {
            return Optional.ofNullable(entry.getAttributeValue(ENTRY_UUID)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whose an entry is. A connector belongs to the organization in the name of the entry above it, whatever its attributes say: who may
     * write below one organization has no say in another.
     */
    Owner owner(Entry entry) throws LDAPException {
        DN name = entry.getParsedDN();
        if (connector.isPresent()) {
            Optional<String> own = value(name, connector.get());
            Optional<String> above = value(name.getParent(), organization);
            if (own.isPresent() && above.isPresent()) {
                return new Owner(above.get(), own.get());
            }
        }
        String owner = value(name, organization).orElseGet(() -> attribute(entry));
        return new Owner(owner, "");
    }

    /** The settings of an entry, each value as it stands there. */
    List<Setting> settings(Entry entry, Owner owner) {
        List<Setting> rows = new ArrayList<>();
        settings.forEach((attribute, names) -> {
            byte[][] values = entry.getAttributeValueByteArrays(attribute);
            for (byte[] octets : values == null ? new byte[0][] : values) {
                String value = text(octets);
                for (String name : names) {
                    rows.add(
                            name.equals(NAMED_IN_VALUE)
                                    ? named(owner, value)
                                    : new Setting(
                                            owner.organization(),
                                            owner.connector(),
                                            name,
                                            value,
                                            AcceptedDomain.UNDATED));
                }
            }
        });
        return rows;
    }

    // What has no equals sign is the name of no setting, and is refused as such.
    private static Setting named(Owner owner, String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals).strip();
        String value = equals < 0 ? "" : text.substring(equals + 1).strip();
        return new Setting(owner.organization(), owner.connector(), name, value, AcceptedDomain.UNDATED);
    }

    private static String text(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            return text.length() <= LONGEST ? text : TOO_LONG;
        } catch (CharacterCodingException e) {
            return NOT_TEXT;
        }
    }

    // The least of several: all nodes are to agree, whatever order their server has.
    private String attribute(Entry entry) {
        byte[][] values = entry.getAttributeValueByteArrays(organization);
        return values == null
                ? ""
                : Collections.min(Arrays.stream(values).map(EntryReader::text).toList());
    }

    private static Optional<String> value(@Nullable DN name, String attribute) {
        RDN first = name == null ? null : name.getRDN();
        if (first == null) {
            return Optional.empty();
        }
        String[] names = first.getAttributeNames();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equalsIgnoreCase(attribute)) {
                return Optional.of(first.getAttributeValues()[i]);
            }
        }
        return Optional.empty();
    }
}
