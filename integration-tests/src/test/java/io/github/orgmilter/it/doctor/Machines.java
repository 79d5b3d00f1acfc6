package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.mta.FreePort;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;

/**
 * Where OrgMilter is.
 *
 * @param address of its sockets, as the MTA reaches them
 * @param bridge the host's address on Docker's own network
 */
record Machines(String address, int milter, int maps, int policy, String bridge) {

    static Machines find() throws IOException {
        return new Machines("127.0.0.1", FreePort.next(), FreePort.next(), FreePort.next(), bridgeAddress());
    }

    /** The same for an MTA in a container with a network of its own. */
    Machines onBridge() {
        return new Machines(bridge, milter, maps, policy, bridge);
    }

    boolean isBridged() {
        return address.equals(bridge);
    }

    private static String bridgeAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(network -> network.getName().startsWith("docker")
                        || network.getName().startsWith("br-"))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .map(address -> address.getHostAddress())
                .findFirst()
                .orElseThrow(() -> new IOException("Docker has no bridge network on this machine"));
    }

    /** The setting that has OrgMilter asked, at an address, with more of its parameters. */
    String askedAt(String address, String more) {
        return "smtpd_milters = { inet:" + address + ":" + milter
                + ", connect_timeout=100s, command_timeout=100s, content_timeout=100s" + more + " }";
    }

    /** The same as it should be. */
    String asked() {
        return askedAt(address, ", default_action=tempfail");
    }

    String query() {
        return "check_policy_service { inet:" + address + ":" + policy + ", timeout=100s }";
    }

    String clients() {
        return "check_client_access socketmap:inet:" + address + ":" + maps + ":clients";
    }

    /** The restrictions of the tight gate. */
    String tight() {
        return "permit_auth_destination, permit_tls_all_clientcerts, permit_sasl_authenticated, " + clients()
                + ", reject_unauth_destination";
    }
}
