package io.github.orgmilter.mta;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.net.Endpoints;
import io.github.orgmilter.policy.Address;
import java.util.Optional;

/**
 * Postfix: {@code {cert_subject}} and {@code {cert_issuer}} are common names, and are sent only if the chain was verified
 * (smtpd_milter.c, {@code IF_TRUSTED}).
 */
record PostfixDialect() implements Dialect {

    private static final Optional<Mta> MTA = Optional.of(Mta.POSTFIX);

    @Override
    public Optional<Mta> mta() {
        return MTA;
    }

    @Override
    public Client client(ConnectCommand connect, Macros tls) {
        boolean encrypted = Dialect.isEncrypted(tls);
        // Postfix sends no {verify}; where an administrator's milter_macro_defaults do, it must be OK.
        boolean trusted = encrypted
                && (!tls.has(Macro.VERIFY)
                        || tls.get(Macro.VERIFY).filter("OK"::equals).isPresent());
        Optional<String> subject = trusted ? tls.get(Macro.CERT_SUBJECT) : Optional.empty();
        Optional<String> issuer = trusted ? tls.get(Macro.CERT_ISSUER) : Optional.empty();
        return new Client(
                connect.display(),
                connect.address(),
                encrypted,
                subject.flatMap(CertificateName::of),
                issuer,
                Optional.empty()); // only a policy query reports which certificate it was
    }

    @Override
    public Optional<Endpoints> endpoints(ConnectCommand connect, Macros macros) {
        Optional<IpAddress> server = macros.get(Macro.DAEMON_ADDRESS).flatMap(IpAddress::parse);
        int serverPort = macros.get(Macro.DAEMON_PORT).map(Endpoints::port).orElse(0);
        return Endpoints.of(connect.address(), connect.port(), server, serverPort);
    }

    @Override
    public Optional<String> remark(Macros tls) {
        // Postfix reports nothing of a certificate that it did not verify.
        Optional<String> subject = tls.get(Macro.CERT_SUBJECT);
        return tls.has(Macro.CERT_SUBJECT)
                        && subject.flatMap(CertificateName::of).isEmpty()
                ? Optional.of(Dialect.noHostName(subject))
                : Optional.empty();
    }

    @Override
    public Address address(EnvelopeAddress given, Optional<String> resolved, Optional<String> mailer) {
        return new Address(given, Dialect.resolvedForm(given, resolved, mailer));
    }

    @Override
    public boolean mayKeepRefused(byte[] recipient) {
        return false;
    }
}
