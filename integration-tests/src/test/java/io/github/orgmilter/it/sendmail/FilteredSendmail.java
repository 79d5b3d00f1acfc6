package io.github.orgmilter.it.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.MilterTap;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Sendmail, the milter with a tap before it, and a sink behind: everything that a test of one Sendmail looks at. */
final class FilteredSendmail implements Closeable {

    /** Changes a container before it starts. */
    interface Setup {
        void change(SendmailContainer sendmail) throws IOException;
    }

    private final Sink sink = new Sink();
    private final MilterProcess milter;
    private final MilterTap tap;
    private final SendmailContainer sendmail;
    private int milterMark;
    private int mtaMark;
    private int asked;
    private final List<String> queueIds = new ArrayList<>();

    /**
     * @param configuration all but {@code listen}
     * @param macroLists whether Sendmail offers the milter to choose its macros
     */
    FilteredSendmail(String suite, TestCertificates certificates, String configuration, boolean macroLists, Setup setup)
            throws IOException {
        MtaContainer.removeLeftovers();
        int port = FreePort.next();
        milter = MilterProcess.start("listen = [ \"inet:" + port + "@127.0.0.1\" ]\n" + configuration);
        tap = new MilterTap(port, macroLists);
        sendmail = new SendmailContainer(suite, certificates, sink, "inet:" + tap.port() + "@127.0.0.1");
        setup.change(sendmail);
        sendmail.start();
    }

    SendmailContainer sendmail() {
        return sendmail;
    }

    /** Forgets what was delivered, asked and logged so far. */
    void begin() {
        sink.clear();
        queueIds.clear();
        milterMark = milter.mark();
        mtaMark = sendmail.logMark();
        asked = tap.questions().size();
    }

    /** A session from {@code source}, as far as EHLO. */
    SmtpClient connect(String source) throws IOException {
        SmtpClient smtp = SmtpClient.connect(sendmail.service("filtered"), InetAddress.getByName(source));
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    /** DATA and a message; the answer to its end, or to DATA. */
    Reply data(SmtpClient smtp) throws IOException {
        Reply end = smtp.data("test");
        sendmail.queueId(end).ifPresent(queueIds::add);
        return end;
    }

    /** The recipients that got mail since {@link #begin()}, once Sendmail has done with it all. */
    List<String> delivered() {
        sendmail.awaitDone(mtaMark, queueIds);
        return sink.deliveries().stream().map(Delivery::recipient).toList();
    }

    List<Delivery> deliveries() {
        sendmail.awaitDone(mtaMark, queueIds);
        return sink.deliveries();
    }

    /** The verdict lines since {@link #begin()}, {@code count} of them and no more. */
    List<LogLine> verdicts(int count) {
        assertThat(milter.awaitVerdicts(milterMark, count)).as(evidence()).hasSize(count);
        return milter.verdicts(milterMark);
    }

    /** What Sendmail has sent the milter with each recipient since {@link #begin()}. */
    List<MilterTap.Question> questions() {
        List<MilterTap.Question> all = tap.questions();
        return all.subList(asked, all.size());
    }

    /** Waits for a line of the milter's log since {@link #begin()} that has all these parts. */
    String awaitLine(String... parts) {
        return milter.awaitLine(milterMark, parts);
    }

    /** The milter's log since {@link #begin()}, as far as it has been read. */
    String milterLog() {
        return milter.text(milterMark);
    }

    String evidence() {
        return "milter:\n" + milterLog() + "\nSendmail:\n" + sendmail.logText(mtaMark);
    }

    @Override
    public void close() throws IOException {
        sendmail.close();
        tap.close();
        milter.close();
        sink.close();
    }
}
