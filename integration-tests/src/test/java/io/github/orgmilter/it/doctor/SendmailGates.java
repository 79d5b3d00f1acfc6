package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.SendmailContainer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The example's gates of Sendmail, for the clients here. */
final class SendmailGates {

    private static final String ACCESS = """
            To:contoso.com RELAY
            To:fabrikam.com RELAY
            Connect:127.0.1.1 RELAY
            Connect:127.0.2.1 RELAY
            """;

    private SendmailGates() {}

    static void tight(SendmailContainer sendmail) {
        sendmail.tightGate(ACCESS);
    }

    /** The tight gate whose access map lacks a line. */
    static SendmailWiring.Change tightWithout(String line) {
        return sendmail -> sendmail.tightGate(ACCESS.replace(line + " RELAY\n", ""));
    }

    /** The tight gate whose access map has one line more, {@code key value}. */
    static SendmailWiring.Change tightWith(String line) {
        return sendmail -> sendmail.tightGate(ACCESS + line + "\n");
    }

    /** The tight gate with more lines of m4. */
    static SendmailWiring.Change tightBut(String... lines) {
        return sendmail -> {
            tight(sendmail);
            sendmail.m4(lines);
        };
    }

    static void wide(SendmailContainer sendmail) {}

    /** The gate on OrgMilter's maps, which lets every verified certificate ask, with more lines of m4. */
    static SendmailWiring.Change maps(int port, String... lines) {
        return sendmail -> {
            sendmail.mapGate("inet:" + port + "@127.0.0.1");
            sendmail.m4(lines);
        };
    }

    /** One more daemon, which others than this machine reach; these networks lead nowhere else. */
    static void daemon(SendmailContainer sendmail, String name, String bridge, String options) throws IOException {
        int port = FreePort.next();
        sendmail.m4("DAEMON_OPTIONS(`Name=" + name + ", Family=inet, Addr=" + bridge + ", Port=" + port + options
                + "')dnl");
        sendmail.addService(name, new InetSocketAddress(bridge, port));
    }
}
