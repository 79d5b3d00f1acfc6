package io.github.orgmilter.machine;

import io.github.orgmilter.identity.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses from which a machine's network can make everybody come: its default gateways, which translate addresses.
 *
 * @param addresses of IPv4
 * @param container whether the machine is a container, whose gateway is the engine's own address
 */
public record Gateways(List<IpAddress> addresses, boolean container) {

    private static final int DESTINATION = 1;
    private static final int GATEWAY = 2;
    private static final String ANY = "00000000";

    public Gateways {
        addresses = List.copyOf(addresses);
    }

    public static Gateways of(Machine machine) throws IOException {
        List<IpAddress> addresses = new ArrayList<>();
        for (String line :
                machine.file("/proc/net/route").orElse("").lines().skip(1).toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > GATEWAY && fields[DESTINATION].equals(ANY) && !fields[GATEWAY].equals(ANY)) {
                // In the byte order of the processor, which is little-endian wherever this runs.
                addresses.add(IpAddress.ofIPv4(Integer.reverseBytes(Integer.parseUnsignedInt(fields[GATEWAY], 16))));
            }
        }
        boolean container = machine.run("test", "-e", "/.dockerenv").ok()
                || machine.run("test", "-e", "/run/.containerenv").ok();
        return new Gateways(addresses, container);
    }
}
