package io.github.orgmilter.wiring;

import java.util.Locale;

/** What is looked at, in the order of the report: first what opens a relay, then what stops mail, then the rest. */
public enum Topic {
    // What opens a relay.
    OPEN_SERVICE,
    MILTER_DISABLED,
    DEFAULT_ACTION,
    FORGED_MACROS,
    TRUSTED_NETWORKS,
    TRUSTED_CERTIFICATES,
    UNFILTERED_LOGINS,
    LISTED_CLIENTS,
    SASL_EXTERNAL,
    XCLIENT,
    SHARED_ADDRESS,
    POLICY_DEFAULT_ACTION,
    AUTHORITIES,
    SMUGGLING,
    AUDIT,
    ANSWERS,
    // What stops mail.
    MILTER_MISSING,
    SOCKET,
    INCOMPLETE_RESTRICTIONS,
    GATE_REFUSES,
    ASK_CERTIFICATE,
    PINS,
    DOMAIN_REFUSED,
    DOMAIN_UNKNOWN,
    MAIL_NAME,
    MILTER_MACROS,
    OWN_MAIL,
    REINJECTION,
    // What is doubtful at most.
    WIDE_GATE,
    INBOUND_BYPASS,
    FORGOTTEN_REFUSAL,
    STALE_EXPORT,
    SUBDOMAINS,
    IGNORED_SETTING,
    POSTSCREEN,
    UNCHECKED;

    /** The name in reports and in docs/doctor.md. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
