package io.github.orgmilter.it.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The MTA's side of a milter session that sends exactly what a test asks, also what no MTA sends. It offers what Postfix does, and
 * strings are ISO 8859-1. Answers are a letter and what follows, such as {@code c} or {@code y550 5.7.1 ...}.
 */
public final class MilterClient implements Closeable {

    /** All actions but those on the body and on recipients. */
    public static final int ALL_ACTIONS = 0x1ff;

    /** Without SMFIF_ADDHDRS, SMFIF_CHGHDRS. */
    public static final int NO_CHANGES_OF_HEADERS = ALL_ACTIONS & ~0x11;

    private static final int VERSION = 6;
    private static final int ALL_STEPS = 0x1fffff;
    private static final int NO_HEADERS = 0x20 | 0x40; // SMFIP_NOHDRS, SMFIP_NOEOH
    private static final int NO_REPLY_TO_CONNECT = 0x1000; // SMFIP_NR_CONN
    private static final int NO_REPLY_TO_HELO = 0x2000; // SMFIP_NR_HELO
    private static final int TIMEOUT_MILLIS = 120_000;
    private static final String CHANGES = "mih"; // SMFIR_CHGHEADER, SMFIR_INSHEADER, SMFIR_ADDHEADER

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final int steps;

    /** Connects to a port of this machine, negotiates these actions, and presents a client at an address. */
    public MilterClient(int port, int actions, String client) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        send(
                'O',
                ByteBuffer.allocate(12)
                        .putInt(VERSION)
                        .putInt(actions)
                        .putInt(ALL_STEPS)
                        .array());
        steps = ByteBuffer.wrap(in.readNBytes(in.readInt())).getInt(9);
        send('D', strings("Cv", "Postfix 3.7.11"));
        ByteArrayOutputStream connect = new ByteArrayOutputStream();
        connect.writeBytes(strings("client.example"));
        connect.writeBytes(new byte[] {'4', 0x30, 0x39});
        connect.writeBytes(strings(client));
        send('C', connect.toByteArray());
        if ((steps & NO_REPLY_TO_CONNECT) == 0 && !answer().equals("c")) {
            throw new IOException("CONNECT was refused");
        }
    }

    /** Whether the milter wants no header fields. */
    public boolean withoutHeaders() {
        return (steps & NO_HEADERS) == NO_HEADERS;
    }

    public void helo(String name) throws IOException {
        send('H', strings(name));
        if ((steps & NO_REPLY_TO_HELO) == 0 && !answer().equals("c")) {
            throw new IOException("HELO was refused");
        }
    }

    public void mail(String sender) throws IOException {
        send('M', strings("<" + sender + ">"));
    }

    public String rcpt(String recipient) throws IOException {
        send('R', strings("<" + recipient + ">"));
        return answer();
    }

    /** Sends fields, each a name and a value with a colon between them, and the end of the header; the answer to that. */
    public String header(String... fields) throws IOException {
        for (String field : fields) {
            int colon = field.indexOf(':');
            send('L', strings(field.substring(0, colon), field.substring(colon + 1)));
        }
        send('N', new byte[0]);
        return answer();
    }

    /** Ends the message: what is to be changed of its header, and the answer. */
    public List<String> end() throws IOException {
        send('E', new byte[0]);
        List<String> answers = new ArrayList<>();
        do {
            answers.add(answer());
        } while (CHANGES.indexOf(answers.get(answers.size() - 1).charAt(0)) >= 0);
        return answers;
    }

    public void send(char command, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array());
    }

    private String answer() throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1).replaceAll("\0$", "");
    }

    private static byte[] strings(String... strings) {
        return (String.join("\0", strings) + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
