package io.github.orgmilter.admin;

import io.github.orgmilter.identity.IpAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and, perhaps, a port, as the header fields Host and Origin have them (RFC 9110, section 4.2.3).
 *
 * @param host a name in lower case, or an address in its usual form without brackets
 * @param port as written, or nothing
 */
record Authority(String host, String port) {

    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,255}))(?::([0-9]{0,5}))?");

    static Optional<Authority> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String port = Optional.ofNullable(matcher.group(3)).orElse("");
        if (matcher.group(1) != null) {
            return IpAddress.parse(matcher.group(1)).map(address -> new Authority(address.toString(), port));
        }
        return Optional.of(new Authority(matcher.group(2).toLowerCase(Locale.ROOT), port));
    }

    /** Whether it means this machine for every client: no name service is asked. */
    boolean isLoopback() {
        return host.equals("localhost")
                || IpAddress.parse(host)
                        .map(IpAddress::toString)
                        .filter(address -> address.startsWith("127.") || address.equals("::1"))
                        .isPresent();
    }
}
