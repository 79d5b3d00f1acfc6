package io.github.orgmilter.ldap;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.Setting;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The rows that were read, by organization: a server sends the entries of one in any order, between those of others. They are
 * packed, with some 12 octets for each row beside its text, and what is handed on is let go.
 */
final class Rows {

    /** For one organization, packed: a hundred thousand rows have less. */
    private static final int MOST_OCTETS = 16 * 1024 * 1024;

    /** The one row of an organization that has more; its reader refuses the NUL. */
    private static final String TOO_MANY = "\0more than " + MOST_OCTETS / 1024 / 1024 + " MiB of settings";

    private static final byte[] NOTHING = {};

    private final Map<String, Packed> organizations = new HashMap<>();

    /** The rows of an organization, or of what may become one. */
    private static final class Packed {
        private byte[] octets = NOTHING;
        private int length;
        private boolean tooMany;
        /** Whether an entry of the organization itself was among them. */
        private boolean known;
    }

    /** Adds the rows of an entry. */
    void add(Owner owner, List<Setting> rows) {
        Packed packed = organizations.computeIfAbsent(owner.organization(), name -> new Packed());
        packed.known |= !owner.isConnector();
        byte[] more = pack(rows);
        if (packed.length + more.length > MOST_OCTETS) {
            packed.tooMany = true;
        }
        if (packed.tooMany) {
            packed.octets = NOTHING;
            packed.length = 0;
            return;
        }
        int length = packed.length + more.length;
        if (length > packed.octets.length) {
            // Most organizations have few entries: room to grow is for those that have many.
            int room = packed.length == 0 ? length : length + length / 2;
            packed.octets = Arrays.copyOf(packed.octets, room);
        }
        System.arraycopy(more, 0, packed.octets, packed.length, more.length);
        packed.length = length;
    }

    /** Forgets what an organization had. */
    void clear(String organization) {
        organizations.remove(organization);
    }

    /** The rows of one; none if it is not there. */
    List<Setting> of(String organization) {
        Packed packed = organizations.get(organization);
        List<Setting> rows = new ArrayList<>();
        if (packed != null) {
            unpack(organization, packed, rows::add);
        }
        return rows;
    }

    /** Hands on the rows of each organization, and lets go of them. */
    void handTo(Consumer<Setting> consumer) {
        Iterator<Map.Entry<String, Packed>> all = organizations.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Packed> one = all.next();
            all.remove();
            unpack(one.getKey(), one.getValue(), consumer);
        }
    }

    private static byte[] pack(List<Setting> rows) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            for (Setting row : rows) {
                write(out, row.connector());
                write(out, row.setting());
                write(out, row.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    // Connectors of an organization that the filter leaves out go with it.
    private static void unpack(String organization, Packed packed, Consumer<Setting> consumer) {
        if (!packed.known) {
            return;
        }
        if (packed.tooMany) {
            consumer.accept(new Setting(organization, "", TOO_MANY, TOO_MANY, AcceptedDomain.UNDATED));
            return;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed.octets, 0, packed.length))) {
            while (in.available() > 0) {
                consumer.accept(new Setting(organization, read(in), read(in), read(in), AcceptedDomain.UNDATED));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(octets.length);
        out.write(octets);
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
