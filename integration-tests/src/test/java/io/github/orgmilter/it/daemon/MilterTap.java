package io.github.orgmilter.it.daemon;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands between an MTA and a milter and notes what the MTA sends with each recipient. Passes every octet on, but for the
 * MTA's offer of macro lists if it is to be one that has none, as Sendmail before 8.14.
 */
public final class MilterTap implements Closeable {

    /**
     * All that the milter knows when it decides on a recipient.
     *
     * @param client the address in CONNECT
     * @param sender as in MAIL, with angle brackets
     * @param atMail the macros of MAIL
     * @param recipient as in RCPT, with angle brackets
     * @param atRecipient the macros of RCPT
     */
    public record Question(
            String client,
            String sender,
            Map<String, String> atMail,
            String recipient,
            Map<String, String> atRecipient) {

        public Optional<String> mail(String macro) {
            return value(atMail, macro);
        }

        public Optional<String> recipient(String macro) {
            return value(atRecipient, macro);
        }

        private static Optional<String> value(Map<String, String> macros, String name) {
            return Optional.ofNullable(macros.get(name)).filter(value -> !value.isEmpty());
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final InetSocketAddress milter;
    private final List<Question> questions = new ArrayList<>();

    private static final int ACTIONS = 1 + Integer.BYTES; // in OPTNEG, behind the command and the version
    private static final int SETSYMLIST = 0x100;

    private final boolean macroLists;

    /** @param milterPort on 127.0.0.1 */
    public MilterTap(int milterPort) throws IOException {
        this(milterPort, true);
    }

    /** @param macroLists whether the milter hears that it may choose its macros */
    public MilterTap(int milterPort, boolean macroLists) throws IOException {
        this.macroLists = macroLists;
        milter = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), milterPort);
        startDaemon(this::acceptAll);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Every recipient so far, in order. */
    public List<Question> questions() {
        synchronized (questions) {
            return List.copyOf(questions);
        }
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket mta = server.accept();
                mta.setTcpNoDelay(true);
                Socket toMilter = new Socket();
                toMilter.connect(milter);
                toMilter.setTcpNoDelay(true);
                startDaemon(() -> answers(toMilter, mta));
                startDaemon(() -> listen(mta, toMilter));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static void startDaemon(Runnable work) {
        Thread thread = new Thread(work, "milter-tap");
        thread.setDaemon(true);
        thread.start();
    }

    private static void answers(Socket milter, Socket mta) {
        try (milter;
                mta) {
            milter.getInputStream().transferTo(mta.getOutputStream());
        } catch (IOException e) {
            // Either side ended the connection; so does this.
        }
    }

    private void listen(Socket mta, Socket milter) {
        try (milter;
                mta) {
            DataInputStream in = new DataInputStream(mta.getInputStream());
            DataOutputStream out = new DataOutputStream(milter.getOutputStream());
            Map<Byte, Map<String, String>> macros = new HashMap<>();
            String client = "";
            String sender = "";
            while (true) {
                byte[] frame = in.readNBytes(in.readInt());
                byte command = frame[0];
                switch (command) {
                    case 'O' -> {
                        if (!macroLists) {
                            ByteBuffer optneg = ByteBuffer.wrap(frame);
                            optneg.putInt(ACTIONS, optneg.getInt(ACTIONS) & ~SETSYMLIST);
                        }
                    }
                    case 'D' -> macros.put(frame[1], pairs(strings(frame, 2)));
                    case 'C' -> client = client(frame);
                    case 'M' -> sender = strings(frame, 1).get(0);
                    case 'R' ->
                        note(new Question(
                                client,
                                sender,
                                macros.getOrDefault((byte) 'M', Map.of()),
                                strings(frame, 1).get(0),
                                macros.getOrDefault((byte) 'R', Map.of())));
                    default -> {}
                }
                // Noted before the milter hears of it, and so before its verdict.
                byte[] whole = new byte[Integer.BYTES + frame.length];
                ByteBuffer.wrap(whole).putInt(frame.length).put(frame);
                out.write(whole);
                out.flush();
            }
        } catch (IOException e) {
            // Either side ended the connection; so does this.
        }
    }

    private void note(Question question) {
        synchronized (questions) {
            questions.add(question);
        }
    }

    /** Host name, NUL, family, port in two octets, address, NUL. */
    private static String client(byte[] frame) {
        int name = 1;
        while (frame[name] != 0) {
            name++;
        }
        return strings(frame, name + 1 + 1 + Short.BYTES).get(0);
    }

    private static Map<String, String> pairs(List<String> strings) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i + 1 < strings.size(); i += 2) {
            pairs.put(strings.get(i), strings.get(i + 1));
        }
        return pairs;
    }

    /** The strings between NULs, from {@code start} on. */
    private static List<String> strings(byte[] frame, int start) {
        List<String> strings = new ArrayList<>();
        int from = start;
        for (int i = start; i < frame.length; i++) {
            if (frame[i] == 0) {
                strings.add(new String(frame, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        return strings;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
