package io.github.orgmilter.milter;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any octets at all to a session, under the eyes of {@link CheckedMta}. The first one says how the others are taken: as they are,
 * or as frames without their lengths (command, size, payload), after which beginning, and whether the rules see header fields.
 */
final class SessionFuzz {

    /** Only made when it is used, so that the fuzzer sees its classes being loaded. */
    private static final class Service {
        static final Policy POLICY = Policies.twoOrganizations();
    }

    private static final byte[] NEGOTIATED =
            frame('O', "\0\0\0\6\0\0\1\377\0\37\377\377".getBytes(StandardCharsets.ISO_8859_1));
    private static final byte[] CONNECTED =
            join(NEGOTIATED, frame('C', "client\0" + "4\060\071192.0.2.7\0"), frame('M', "<a@example.org>\0"));

    @FuzzTest
    @DictionaryEntries({
        "contoso.com",
        "mail.contoso.com",
        "fabrikam.com",
        "example.net",
        "mx1.example.net",
        "198.51.100.3",
        "2001:db8:42::1",
        "{cert_subject}",
        "{cn_subject}",
        "{verify}",
        "{tls_version}",
        "{auth_authen}",
        "{auth_type}",
        "{mail_addr}",
        "{rcpt_addr}",
        "{rcpt_mailer}",
        "{daemon_addr}",
        "{daemon_port}",
        "Postfix 3.7.11",
        "8.18.1",
        "postmaster",
        "EXTERNAL",
        "X-Key",
        "secret",
        "From",
        "local"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        if (octets.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(octets, 1, octets.length);
        int chop = (octets[0] & 8) == 0 ? Integer.MAX_VALUE : 1 + (octets[0] >> 4 & 7);
        CheckedMta mta = new CheckedMta(
                Service.POLICY, chop, (octets[0] & 0x80) == 0 ? HeaderRules.NONE : new TestHeaderRules());
        try {
            mta.feed((octets[0] & 1) == 0 ? new byte[0] : (octets[0] & 2) == 0 ? NEGOTIATED : CONNECTED);
            mta.feed((octets[0] & 4) == 0 ? rest : frames(rest));
        } finally {
            FakeMta.releaseAll();
        }
    }

    private static byte[] frames(byte[] octets) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int at = 0; at + 1 < octets.length; ) {
            int size = Math.min(octets[at + 1] & 0xff, octets.length - at - 2);
            frames.writeBytes(frame(octets[at], Arrays.copyOfRange(octets, at + 2, at + 2 + size)));
            at += 2 + size;
        }
        return frames.toByteArray();
    }

    private static byte[] frame(int command, String payload) {
        return frame(command, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] frame(int command, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
