package io.github.orgmilter.sendmail;

import io.github.orgmilter.wiring.Authorities;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** The certificates of Sendmail's clients, and what else comes of its version. */
final class SendmailCertificates {

    /** Since then it takes a milter's lists of macros. */
    private static final String ASKED = "8.14.0";

    /** Since then it forgets no refusal of a recipient with a comma. */
    private static final String REMEMBERS = "8.18.2";

    private final InstantSource clock;

    SendmailCertificates(InstantSource clock) {
        this.clock = clock;
    }

    void look(SendmailExamination at, Findings findings) throws IOException {
        String version = at.sendmail().version();
        if (!version.isEmpty() && older(version, REMEMBERS)) {
            findings.right(
                    Topic.FORGOTTEN_REFUSAL,
                    at.sendmail().file() + ": " + version,
                    "this Sendmail forgets the refusal of a recipient with a comma; OrgMilter repeats it at the end of the message");
        }
        if (at.filter().isEmpty() || !at.ours().hasCertificateNames()) {
            return;
        }
        String file = at.sendmail().option("CACertFile");
        String folder = at.sendmail().option("CACertPath");
        boolean off = at.sendmail().option("TLSSrvOptions").contains("V");
        if (file.isEmpty() || folder.isEmpty() || off) {
            findings.wrong(
                    Topic.ASK_CERTIFICATE,
                    at.sendmail().file() + ": "
                            + (off ? "TLSSrvOptions" : file.isEmpty() ? "CACertFile" : "CACertPath"),
                    "connectors know their servers by certificates, and Sendmail asks no client for one",
                    "set confCACERT, confCACERT_PATH to an empty folder, and no V in confTLS_SRV_OPTIONS");
        } else {
            findings.right(
                    Topic.ASK_CERTIFICATE,
                    at.sendmail().file() + ": CACertPath",
                    "clients are asked for a certificate");
        }
        Authorities authorities = new Authorities(at.machine(), at.ours(), findings, clock);
        if (!file.isEmpty()) {
            authorities.file(at.sendmail().file() + ": CACertFile", file);
        }
        if (!folder.isEmpty()) {
            authorities.folder(at.sendmail().file() + ": CACertPath", folder);
        }
        macros(at, version, findings);
    }

    private static void macros(SendmailExamination at, String version, Findings findings) {
        String list = at.sendmail().option("Milter.macros.helo");
        Optional<String> missing = java.util.stream.Stream.of("{verify}", "{cn_subject}", "{cn_issuer}")
                .filter(macro -> !list.contains(macro))
                .findFirst();
        if (missing.isPresent() && !version.isEmpty() && older(version, ASKED)) {
            findings.wrong(
                    Topic.MILTER_MACROS,
                    at.sendmail().file() + ": Milter.macros.helo",
                    "it lacks " + missing.get() + ", and this Sendmail cannot be asked for it: no certificate counts",
                    "set confMILTER_MACROS_HELO as in docs/gates.md");
        } else {
            findings.right(
                    Topic.MILTER_MACROS,
                    at.sendmail().file() + ": Milter.macros.helo",
                    missing.isPresent()
                            ? "it lacks " + missing.get() + ", for which OrgMilter asks"
                            : "it has what OrgMilter needs");
        }
    }

    private static boolean older(String version, String than) {
        String[] a = version.split("\\.");
        String[] b = than.split("\\.");
        for (int i = 0; i < b.length; i++) {
            int order = Integer.compare(Integer.parseInt(a[i]), Integer.parseInt(b[i]));
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }
}
