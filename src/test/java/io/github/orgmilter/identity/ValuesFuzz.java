package io.github.orgmilter.identity;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Any text at all to the parsers of values: what they take is what it says it is, and stays so when it is read again. */
final class ValuesFuzz {

    @FuzzTest
    @DictionaryEntries({
        "<a@contoso.com>",
        "@hop:",
        "\"@\"",
        "\\",
        "xn--",
        "*.",
        "contoso.com",
        "::ffff:",
        "192.0.2.0/24",
        "2001:db8::",
        "-",
        "+40",
        "%",
        "AB:CD:",
        "\u00df",
        "\u3002",
        "\u200d"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        envelope(EnvelopeAddress.parse(octets));
        envelope(EnvelopeAddress.ofInternal(octets));
        try {
            domain(DomainName.parse(text));
        } catch (InvalidValueException e) {
            said(e);
        }
        certificateName(text);
        addresses(text);
        try {
            Fingerprint fingerprint = Fingerprint.parse(text);
            require(fingerprint.hex().matches("[0-9a-f]{64}"), "a fingerprint", fingerprint);
            require(Fingerprint.parse(fingerprint.toString()).equals(fingerprint), "another fingerprint", fingerprint);
        } catch (InvalidValueException e) {
            said(e);
        }
        Fingerprint.ofPresented(text)
                .ifPresent(fingerprint ->
                        require(fingerprint.hex().matches("[0-9a-f]{64}"), "a fingerprint", fingerprint));
        Xtext.decode(text)
                .filter(decoded ->
                        !decoded.contains("\ufffd")) // octets that were no UTF-8, and so no name that is known
                .ifPresent(decoded ->
                        require(Xtext.decode(encoded(decoded)).equals(Optional.of(decoded)), "xtext", decoded));
        ResolvedForm.of(text, false).domain().ifPresent(ValuesFuzz::domain);
    }

    private static void envelope(EnvelopeAddress address) {
        if (address instanceof EnvelopeAddress.Mailbox mailbox) {
            require(mailbox.text().chars().noneMatch(Character::isISOControl), "a control character", mailbox);
            require(mailbox.qualified() || mailbox.domain().isEmpty(), "a domain of an unqualified address", mailbox);
            require(
                    mailbox.hasRoutingCharacters()
                            || mailbox.localPart().chars().noneMatch(c -> c == '%' || c == '!' || c == '@'),
                    "a routing character",
                    mailbox);
            mailbox.domain().ifPresent(ValuesFuzz::domain);
        }
    }

    private static void domain(DomainName name) {
        String ascii = name.ascii();
        require(DomainName.isAscii(ascii), "not ASCII", name);
        require(ascii.equals(DomainName.asciiLowerCase(ascii)), "not lower case", name);
        require(!ascii.isEmpty() && !ascii.endsWith(".") && ascii.indexOf('@') < 0, "no domain", name);
        require(DomainName.ofEnvelope(ascii).equals(Optional.of(name)), "another domain when it is read again", name);
        require(name.isAtOrBelow(name), "not itself", name);
    }

    private static void certificateName(String text) {
        Optional<CertificateName> presented = CertificateName.of(text);
        presented.ifPresent(name -> require(
                name.text().equals(text) && text.chars().noneMatch(c -> c <= ' ' || c == '/' || c == '=' || c == 0x7f),
                "a name that is none",
                name));
        try {
            CertificateNamePattern pattern = CertificateNamePattern.parse(text);
            require(!pattern.wildcard() || !pattern.domain().isSingleLabel(), "a pattern that is too wide", pattern);
            String own = (pattern.wildcard() ? "*." : "") + pattern.domain().ascii();
            require(pattern.matches(CertificateName.of(own).orElseThrow()), "does not match itself", pattern);
            require(
                    !pattern.matches(CertificateName.of("mail.stranger.invalid").orElseThrow())
                            || pattern.domain().ascii().endsWith("stranger.invalid"),
                    "matches a stranger",
                    pattern);
            // Nothing is mapped on the presented side: other text than ASCII is the U-label form itself, or below it.
            if (presented.isPresent() && !presented.get().ascii() && pattern.matches(presented.get())) {
                require(
                        presented.get().name().equals(pattern.unicode())
                                || presented.get().name().endsWith("." + pattern.unicode()),
                        "matches by mapping",
                        pattern);
            }
        } catch (InvalidValueException e) {
            said(e);
        }
    }

    private static void addresses(String text) {
        IpAddress.parse(text).ifPresent(address -> {
            require(IpAddress.parse(address.toString()).equals(Optional.of(address)), "another address", address);
            require(LibraryAddress.parse(text).equals(Optional.of(address)), "another address to the library", address);
            require(!text.isBlank() && text.matches("[0-9a-fA-F:.]+"), "an address that is none", text);
        });
        try {
            AddressRange range = AddressRange.parse(text);
            require(range.first().compareTo(range.last()) <= 0, "a reversed range", range);
            require(range.contains(range.first()) && range.contains(range.last()), "not its own ends", range);
            require(range.first().isIPv4() == range.last().isIPv4(), "a mixed range", range);
            require(AddressRange.parse(range.toString()).equals(range), "another range", range);
        } catch (InvalidValueException e) {
            said(e);
        }
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("+%02X", octet));
        }
        return encoded.toString();
    }

    private static void said(InvalidValueException invalid) {
        require(invalid.getMessage() != null && !invalid.getMessage().isEmpty(), "no reason", invalid);
    }

    private static void require(boolean holds, String otherwise, Object what) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + what);
        }
    }
}
