package io.github.orgmilter.mta;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The macros that the rules use (Postfix MILTER_README, "Macros"; Sendmail Installation and Operation Guide, section 5.2). All
 * others are ignored.
 */
public enum Macro {
    /** The MTA's version, by which it is known. */
    VERSION("v"),
    DAEMON_ADDRESS("{daemon_addr}"),
    DAEMON_PORT("{daemon_port}"),
    TLS_VERSION("{tls_version}"),
    VERIFY("{verify}"),
    CERT_SUBJECT("{cert_subject}"),
    CERT_ISSUER("{cert_issuer}"),
    CN_SUBJECT("{cn_subject}"),
    CN_ISSUER("{cn_issuer}"),
    QUEUE_ID("i"),
    AUTH_TYPE("{auth_type}"),
    AUTH_AUTHEN("{auth_authen}"),
    MAIL_ADDRESS("{mail_addr}"),
    MAIL_MAILER("{mail_mailer}"),
    RECIPIENT_ADDRESS("{rcpt_addr}"),
    RECIPIENT_MAILER("{rcpt_mailer}");

    /** All of them; read only. */
    private static final Macro[] ALL = values();

    static final int COUNT = ALL.length;

    private static final Set<Macro> OF_ONE_MESSAGE = EnumSet.of(QUEUE_ID, AUTH_AUTHEN, MAIL_ADDRESS, RECIPIENT_ADDRESS);

    private final String text;

    Macro(String text) {
        this.text = text;
    }

    /** The one whose name comes next in the payload, a string of this length; null for any other name. Nothing is passed over. */
    static @Nullable Macro next(Payload payload, int length) {
        for (Macro macro : ALL) {
            if (macro.text.length() == length && payload.startsWith(macro.text)) {
                return macro;
            }
        }
        return null;
    }

    /** Whether its value is likely to come again, of whatever message. */
    boolean isRepeated() {
        return !OF_ONE_MESSAGE.contains(this);
    }

    /** The names as a macro list has them: with spaces between. */
    public static String list(Macro... macros) {
        return Arrays.stream(macros).map(Macro::toString).collect(Collectors.joining(" "));
    }

    /** The name as the protocol has it, with braces if it is longer than a letter. */
    @Override
    public String toString() {
        return text;
    }
}
