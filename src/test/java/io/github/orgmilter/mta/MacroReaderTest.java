package io.github.orgmilter.mta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.net.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The macros of one connection after the other")
final class MacroReaderTest {

    private final MacroReader reader = new MacroReader();

    private Macros read(String frame) throws MalformedFrameException, LimitReachedException {
        byte[] octets = frame.getBytes(StandardCharsets.UTF_8);
        return reader.read(new Payload(octets, octets.length), Limits.DEFAULT);
    }

    @Test
    @DisplayName("are read in any order, the last of a name counting, and no others kept")
    void order() throws Exception {
        Macros macros = read("R{rcpt_mailer}\0smtp\0{rcpt_addr}\0b@x\0{other}\0y\0{rcpt_mailer}\0local\0i\0\0");
        assertThat(macros.isFor('R')).isTrue();
        assertThat(macros.get(Macro.RECIPIENT_ADDRESS)).contains("b@x");
        assertThat(macros.get(Macro.RECIPIENT_MAILER)).contains("local");
        assertThat(macros.get(Macro.QUEUE_ID)).isEmpty();
        assertThat(macros.has(Macro.QUEUE_ID)).isTrue();
        assertThat(macros.has(Macro.MAIL_ADDRESS)).isFalse();
        for (Macro macro : Macro.values()) {
            assertThat(macros.get(macro).isPresent())
                    .as(macro.toString())
                    .isEqualTo(macro == Macro.RECIPIENT_ADDRESS || macro == Macro.RECIPIENT_MAILER);
        }
    }

    @Test
    @DisplayName("of a frame that cannot be read do not get into the next one")
    void broken() throws Exception {
        for (String broken : List.of(
                "M{cert_subject}\0mail.contoso.com\0{tls_version}\0TLSv1.3",
                "M{cert_subject}\0mail.contoso.com\0{tls_version}",
                "M{cert_subject}\0mail.contoso.com\0i\0" + "x".repeat(1 << 20) + "\0")) {
            assertThatThrownBy(() -> read(broken))
                    .isInstanceOfAny(MalformedFrameException.class, LimitReachedException.class);
            Macros next = read("M{mail_addr}\0a@contoso.com\0");
            assertThat(next.get(Macro.MAIL_ADDRESS)).contains("a@contoso.com");
            assertThat(next.has(Macro.CERT_SUBJECT)).isFalse();
            assertThat(next.has(Macro.TLS_VERSION)).isFalse();
        }
    }

    @Test
    @DisplayName("stay as they are when others are read")
    void kept() throws Exception {
        Macros first = read("H{cert_subject}\0mail.contoso.com\0{tls_version}\0TLSv1.3\0");
        Macros second = read("H{cert_subject}\0mail.fabrikam.com\0");
        assertThat(first.get(Macro.CERT_SUBJECT)).contains("mail.contoso.com");
        Macros both = second.or(first);
        assertThat(both.get(Macro.CERT_SUBJECT)).contains("mail.fabrikam.com");
        assertThat(both.get(Macro.TLS_VERSION)).contains("TLSv1.3");
        assertThat(both.octets()).isEqualTo(first.octets() + second.octets());
    }

    @Test
    @DisplayName("are made once where they repeat")
    void repeated() throws Exception {
        Optional<String> first = read("H{cert_issuer}\0A CA\0").get(Macro.CERT_ISSUER);
        Optional<String> second =
                read("M{cert_subject}\0x\0{cert_issuer}\0A CA\0").get(Macro.CERT_ISSUER);
        assertThat(second.orElseThrow()).isSameAs(first.orElseThrow());
    }

    @Test
    @DisplayName("have the text of their octets, whatever was read before")
    void texts() throws Exception {
        Random random = new Random(1);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            byte[] value = new byte[random.nextInt(random.nextInt(8) == 0 ? 80 : 4)];
            for (int k = 0; k < value.length; k++) {
                value[k] = (byte) (random.nextInt(6) == 0 ? 1 + random.nextInt(255) : 'a' + random.nextInt(3));
            }
            values.add(value);
        }
        RecentTexts texts = new RecentTexts();
        for (byte[] value : values) {
            byte[] octets = new byte[value.length + 2];
            System.arraycopy(value, 0, octets, 1, value.length);
            assertThat(texts.of(octets, 1, value.length)).isEqualTo(new String(value, StandardCharsets.UTF_8));
        }
    }
}
