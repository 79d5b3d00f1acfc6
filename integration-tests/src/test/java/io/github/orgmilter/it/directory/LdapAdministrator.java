package io.github.orgmilter.it.directory;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who may do everything below an entry of an LDAP server; each time over a new connection. */
record LdapAdministrator(String host, int port, String base) {

    static final String PASSWORD = "admin";

    private LDAPConnection connect() throws LDAPException {
        return new LDAPConnection(host, port, "cn=admin," + base, PASSWORD);
    }

    /** Changes entries, as ldapmodify(1) does: records of LDIF, with an empty line between two. */
    void modify(String ldif) {
        try (LDAPConnection connection = connect()) {
            for (String record : ldif.strip().split("\n\\s*\n")) {
                LDAPResult result =
                        LDIFReader.decodeChangeRecord(record.split("\n")).processChange(connection);
                if (result.getResultCode().intValue() != 0) {
                    throw new IllegalStateException(result + " of " + record);
                }
            }
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException(ldif, e);
        }
    }

    /** Deletes everything below an entry. */
    void deleteBelow(String entry) {
        try (LDAPConnection connection = connect()) {
            List<String> names = new ArrayList<>();
            SearchRequest all = new SearchRequest(entry, SearchScope.SUB, "(objectClass=*)", "1.1");
            all.addControl(new ManageDsaITRequestControl(true));
            connection.search(all).getSearchEntries().forEach(one -> names.add(one.getDN()));
            names.remove(entry);
            names.sort(Comparator.comparingInt((String name) -> name.split("(?<!\\\\),").length)
                    .reversed());
            for (String name : names) {
                connection.delete(new DeleteRequest(name, new Control[] {new ManageDsaITRequestControl(true)}));
            }
        } catch (LDAPException e) {
            throw new IllegalStateException(entry, e);
        }
    }

    /** What the server has, as {@code contextCSN} names it. */
    List<String> state() throws LDAPException {
        try (LDAPConnection connection = connect()) {
            return List.of(connection.getEntry(base, "contextCSN").getAttributeValues("contextCSN"));
        }
    }

    /** Whether the server answers, whoever asks. */
    boolean answers() {
        try (LDAPConnection connection = new LDAPConnection(host, port)) {
            return connection.getRootDSE() != null;
        } catch (LDAPException e) {
            return false;
        }
    }
}
