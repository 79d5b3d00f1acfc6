package io.github.orgmilter.organization;

import io.github.orgmilter.identity.DomainName;
import java.util.Set;

/**
 * What an organization's claims are worth.
 *
 * @param ofDirectory whether it is from a directory, whose rows its customers write; a file's claim goes before theirs
 * @param connectorsUnreadable whether some of its connectors could not be read, so that a refusal may be none of its making
 * @param delegatesAll whether other organizations of the directory may claim any domain below its own
 * @param delegatedDomains the domains below its own that they may claim
 */
public record Standing(
        boolean ofDirectory, boolean connectorsUnreadable, boolean delegatesAll, Set<DomainName> delegatedDomains) {

    /** An organization of a file, which delegates nothing. */
    public static final Standing OF_FILE = new Standing(false, false, false, Set.of());

    /** An organization of a directory, which delegates nothing and has been read. */
    public static final Standing OF_DIRECTORY = new Standing(true, false, false, Set.of());

    public Standing {
        delegatedDomains = Set.copyOf(delegatedDomains);
    }

    /** The same, of a directory. */
    public Standing inDirectory(boolean unreadable) {
        return new Standing(true, unreadable, delegatesAll, delegatedDomains);
    }

    /** Whether another organization of the directory may claim this domain below one of its own. */
    public boolean delegates(DomainName domain) {
        return delegatesAll || delegatedDomains.contains(domain);
    }
}
