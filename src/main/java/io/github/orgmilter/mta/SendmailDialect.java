package io.github.orgmilter.mta;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.identity.Xtext;
import io.github.orgmilter.policy.Address;
import java.util.Optional;

/**
 * Sendmail: {@code {cert_subject}} is a whole name and is sent for any certificate at all, so only {@code {cn_subject}} with
 * {@code {verify}} = {@code OK} counts (Sendmail Installation and Operation Guide, section 5.2). An MTA that does not name
 * itself is read in the same way.
 *
 * @param known whether the MTA named itself as Sendmail; only then is its resolved form ignored, which is often what the
 *     administrator's own tables made of an address
 */
record SendmailDialect(boolean known) implements Dialect {

    private static final Optional<Mta> MTA = Optional.of(Mta.SENDMAIL);
    private static final String NOT_A_NAME = "BadCertificate"; // ...Unknown, ...ContainsNUL, ...TooLong

    @Override
    public Optional<Mta> mta() {
        return known ? MTA : Optional.empty();
    }

    @Override
    public Client client(ConnectCommand connect, Macros tls) {
        boolean encrypted = Dialect.isEncrypted(tls);
        boolean verified =
                encrypted && tls.get(Macro.VERIFY).filter("OK"::equals).isPresent();
        Optional<String> subject = verified ? commonName(tls.get(Macro.CN_SUBJECT)) : Optional.empty();
        Optional<String> issuer = verified ? commonName(tls.get(Macro.CN_ISSUER)) : Optional.empty();
        return new Client(
                connect.display(),
                connect.address(),
                encrypted,
                subject.flatMap(CertificateName::of),
                issuer,
                // Sendmail can report no other; an MTA that does not name itself may be a Postfix that can.
                known ? Optional.of(PresentedCertificate.NONE) : Optional.empty());
    }

    @Override
    public Optional<String> remark(Macros tls) {
        boolean shown = tls.get(Macro.CN_SUBJECT).isPresent()
                || tls.get(Macro.CERT_SUBJECT).isPresent();
        if (!shown || !Dialect.isEncrypted(tls)) {
            return Optional.empty();
        }
        Optional<String> verify = tls.get(Macro.VERIFY);
        if (verify.isEmpty()) {
            return Optional.of(
                    "the MTA does not report whether it verified the certificate, so the name does not count; have it"
                            + " send {verify}, {cn_subject} and {cn_issuer} (Sendmail: confMILTER_MACROS_HELO)"
                            + (known ? "" : ", or name itself (Postfix: the macro v)"));
        }
        if (!verify.get().equals("OK")) {
            return Optional.of("the MTA did not verify the certificate (verify=" + verify.get() + ")");
        }
        Optional<String> subject = commonName(tls.get(Macro.CN_SUBJECT));
        return subject.flatMap(CertificateName::of).isEmpty()
                ? Optional.of(Dialect.noHostName(subject))
                : Optional.empty();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sendmail encodes the login (srvrsmtp.c, xtextify; seen with 8.17.1 and 8.18.1). What no encoding can be is of a build that
     * does not encode, and counts as it is.
     */
    @Override
    public Optional<Authentication> authentication(Macros mail) {
        Optional<Authentication> reported = Dialect.super.authentication(mail);
        return known
                ? reported.map(login ->
                        new Authentication(Xtext.decode(login.login()).orElse(login.login()), login.mechanism()))
                : reported;
    }

    private static Optional<String> commonName(Optional<String> macro) {
        return macro.filter(name -> !name.startsWith(NOT_A_NAME)).flatMap(Xtext::decode);
    }

    @Override
    public Address address(EnvelopeAddress given, Optional<String> resolved, Optional<String> mailer) {
        boolean byGivenAlone = known
                && given instanceof Mailbox mailbox
                && mailbox.domain().isPresent()
                && !mailbox.hasRoutingCharacters();
        return new Address(given, byGivenAlone ? Optional.empty() : Dialect.resolvedForm(given, resolved, mailer));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sendmail takes a refused recipient out of the envelope by parsing the argument again, as a list this time (8.17.1 and
     * 8.18.1, removefromlist): a comma makes it look for another address than it put in, as in {@code @a,@b:user@example.net} or
     * {@code <a\\,b@example.net>}. The client sees the refusal, and the mail is sent.
     */
    @Override
    public boolean mayKeepRefused(byte[] recipient) {
        for (byte octet : recipient) {
            if (octet == ',') {
                return true;
            }
        }
        return false;
    }
}
