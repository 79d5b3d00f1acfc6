package io.github.orgmilter.probe;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.probe.smtp.ThisMachine;
import java.net.InetAddress;

/**
 * Whether a host is the operator's own: its name is in {@code local-domains}, or its address is one of this machine. What customers can
 * write is no sign of it: an accepted domain, or a host that mail for one goes to, may be anybody's.
 */
public final class OwnHost {

    private OwnHost() {}

    /**
     * Whether it is.
     *
     * @param address that to which the probe would connect
     */
    public static boolean is(Policy policy, String host, InetAddress address) {
        return DomainName.asWritten(host).filter(policy::isLocal).isPresent() || ThisMachine.has(address);
    }
}
