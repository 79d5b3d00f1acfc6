package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.github.orgmilter.directory.StoreSettings.Ldap;

/** Which entries there are to read, and what they mean. */
record Scope(DN base, Filter filter, EntryReader reader, String organization) {

    /** The base and everything below. */
    static final SearchScope ALL = SearchScope.SUB;

    static Scope of(Ldap ldap) throws LDAPException {
        return new Scope(new DN(ldap.base()), Filter.create(ldap.filter()), new EntryReader(ldap), ldap.organization());
    }

    /** The entries that name an organization; values are escaped. */
    Filter of(String name) {
        return Filter.createANDFilter(
                filter,
                name.isEmpty()
                        ? Filter.createNOTFilter(Filter.createPresenceFilter(organization))
                        : Filter.createEqualityFilter(organization, name));
    }
}
