package io.github.orgmilter.wiring;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.machine.Gateways;
import io.github.orgmilter.organization.Mode;
import java.util.List;

/** What is in OrgMilter's own configuration, and matters for what the MTA does. */
public final class Shared {

    private Shared() {}

    /**
     * That nothing is refused.
     *
     * @param open whether the MTA lets everybody ask
     */
    public static void audit(Ours ours, boolean open, Findings findings) {
        if (ours.policy().options().mode() != Mode.AUDIT) {
            return;
        }
        String repair = "set mode = enforce, or keep the MTA's own relay restrictions as they were without OrgMilter";
        if (open) {
            findings.wrong(
                    Topic.AUDIT,
                    "orgmilter.conf: mode",
                    "OrgMilter refuses nothing (mode = audit), and the MTA lets everybody ask: this is an open relay",
                    repair);
        } else {
            findings.doubtful(
                    Topic.AUDIT,
                    "orgmilter.conf: mode",
                    "OrgMilter refuses nothing (mode = audit): whoever the MTA lets ask relays as anybody",
                    repair);
        }
    }

    /** Addresses of connectors and exempt clients that a router or a container engine gives to everybody. */
    public static void gateways(Gateways gateways, Ours ours, Findings findings) {
        for (IpAddress gateway : gateways.addresses()) {
            String place = "orgmilter.conf";
            String reason = gateway + " is the gateway of "
                    + (gateways.container() ? "the MTA's container" : "the MTA's machine")
                    + ": clients whose address is translated there, as by a published port, all come from it";
            String repair =
                    "list the clients' own addresses, and have the MTA see them: no address translation, or a proxy with"
                            + " the PROXY protocol or XCLIENT";
            if (ours.facts().exemptClients().stream().anyMatch(range -> range.contains(gateway))) {
                String who = "exempt-clients has the address of everybody: ";
                if (gateways.container()) {
                    findings.wrong(Topic.SHARED_ADDRESS, place, who + reason, repair);
                } else {
                    findings.doubtful(Topic.SHARED_ADDRESS, place, who + reason, repair);
                }
            }
            List<AddressRange> ranges = ours.facts().ranges().stream()
                    .filter(range -> range.contains(gateway) && !ours.exempts(range))
                    .toList();
            if (!ranges.isEmpty()) {
                findings.doubtful(
                        Topic.SHARED_ADDRESS, place, "a connector has " + ranges.get(0) + ": " + reason, repair);
            }
        }
    }
}
