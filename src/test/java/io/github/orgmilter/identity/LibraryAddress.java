package io.github.orgmilter.identity;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A second opinion on address literals: the IPAddress library, as strict as it can be. */
final class LibraryAddress {

    // The library's defaults take empty text as loopback, and octal, hexadecimal and short forms.
    private static final IPAddressStringParameters LITERALS_ONLY = strict();

    private LibraryAddress() {}

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder strict = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .allow_inet_aton(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        strict.getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowBinary(false)
                .allowLeadingZeros(false);
        strict.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowBinary(false)
                .allow_mixed_inet_aton(false);
        return strict.toParams();
    }

    static Optional<IpAddress> parse(String text) {
        IPAddress address = new IPAddressString(text, LITERALS_ONLY).getAddress();
        if (address == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getBytes());
        return Optional.of(
                address.isIPv4() ? IpAddress.ofIPv4(bytes.getInt()) : new IpAddress(bytes.getLong(), bytes.getLong()));
    }
}
