package io.github.orgmilter.authors;

import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The value of the result header: docs/rules.md, section 16. A word, then parameters as those of MIME (RFC 2045 and 2231). */
final class ResultText {

    private static final String SPECIALS = "()<>@,;:\\\"/[]?= "; // of which a token has none (RFC 2045, section 5.1)
    private static final String NO_ATTRIBUTE_CHARACTERS = SPECIALS + "*'%"; // RFC 2231, section 7

    private ResultText() {}

    static String of(Policy policy, Identification identification, Envelope envelope, Verdict verdict) {
        if (verdict.cause() == Accepting.AUTHENTICATED) {
            return "trusted-login";
        }
        if (verdict.cause() == Accepting.EXEMPT_CLIENT) {
            return "exempt";
        }
        if (!identification.isIdentified()) {
            return "not-identified";
        }
        Optional<IdentityMatch> match = policy.connectorOfSender(identification, envelope);
        return match.isPresent() && policy.options().resultHeader().withNames()
                ? "identified" + parameters(match.get())
                : "identified";
    }

    private static String parameters(IdentityMatch match) {
        return parameter("organization", match.organization().name())
                + parameter("connector", match.connector().name())
                + "; by=" + String.join("+", by(match));
    }

    private static List<String> by(IdentityMatch match) {
        List<String> by = new ArrayList<>();
        match.certificate()
                .ifPresent(certificate -> by.add(
                        !(certificate instanceof ByPin pinned)
                                ? "certificate-name"
                                : pinned.pin().kind() == Pin.Kind.CERTIFICATE ? "certificate" : "public-key"));
        if (match.login().isPresent()) {
            by.add("login");
        }
        if (match.range().isPresent()) {
            by.add("address");
        }
        return by;
    }

    private static String parameter(String name, String value) {
        if (!value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c <= '~' && SPECIALS.indexOf(c) < 0)) {
            return "; " + name + "=" + value;
        }
        StringBuilder encoded = new StringBuilder("; ").append(name).append("*=UTF-8''");
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet > ' ' && octet <= '~' && NO_ATTRIBUTE_CHARACTERS.indexOf(octet) < 0;
            encoded.append(plain ? String.valueOf((char) octet) : String.format("%%%02X", octet));
        }
        return encoded.toString();
    }
}
