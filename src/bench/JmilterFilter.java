import java.util.List;
import org.nightcode.milter.AbstractMilterHandler;
import org.nightcode.milter.Actions;
import org.nightcode.milter.MilterContext;
import org.nightcode.milter.MilterException;
import org.nightcode.milter.MilterMacros;
import org.nightcode.milter.ProtocolSteps;
import org.nightcode.milter.codec.MilterPacket;
import org.nightcode.milter.net.MilterGatewayManager;
import org.nightcode.milter.net.ServerFactory;
import org.nightcode.milter.util.NetUtils;

/**
 * A minimal filter on jmilter, put together as its README does: it replies at all four stages, reads the same macros as OrgMilter,
 * skips headers and body, and decides nothing.
 *
 * <pre>java JmilterFilter HOST:PORT</pre>
 */
final class JmilterFilter extends AbstractMilterHandler {

    private static final String TLS = "{tls_version} {verify} {cert_subject} {cert_issuer} {cn_subject} {cn_issuer}";
    private static final String CONNECT = "v {daemon_addr} {daemon_port}";
    private static final String MAIL = "i {auth_type} {auth_authen} {mail_addr} {mail_mailer} " + TLS;
    private static final String RCPT = "i {rcpt_addr} {rcpt_mailer}";

    private volatile int used;

    private JmilterFilter() {
        super(
                Actions.builder().setSymList().build(),
                ProtocolSteps.builder().noData().noHeaders().noEoh().noBody().noUnknownCommands().build(),
                MilterMacros.builder()
                        .connectMacros(CONNECT)
                        .heloMacros(TLS)
                        .envfromMacros(MAIL)
                        .envrcptMarcos(RCPT)
                        .eomMacros("i")
                        .build());
    }

    public static void main(String[] arguments) throws InterruptedException {
        var serverFactory = ServerFactory.tcpIpFactory(NetUtils.parseAddress(arguments[0]));
        new MilterGatewayManager<>(serverFactory, new JmilterFilter()).bind();
        Thread.currentThread().join();
    }

    private void read(MilterContext context, char command, String names) {
        var macros = context.getMacros(command);
        if (macros != null) {
            for (String name : names.split(" ")) {
                used += macros.getOrDefault(name, "").length();
            }
        }
    }

    @Override
    public void connect(MilterContext context, String host, int family, int port, java.net.SocketAddress address)
            throws MilterException {
        read(context, 'C', CONNECT);
        context.sendContinue();
    }

    @Override
    public void helo(MilterContext context, String host) throws MilterException {
        read(context, 'H', TLS);
        context.sendContinue();
    }

    @Override
    public void envfrom(MilterContext context, List<String> sender) throws MilterException {
        read(context, 'M', MAIL);
        context.sendContinue();
    }

    @Override
    public void envrcpt(MilterContext context, List<String> recipient) throws MilterException {
        read(context, 'R', RCPT);
        context.sendContinue();
    }

    @Override
    public void eom(MilterContext context, byte[] bodyChunk) throws MilterException {
        read(context, 'E', "i");
        context.sendContinue();
    }

    @Override
    public void quit(MilterContext context) {}
}
