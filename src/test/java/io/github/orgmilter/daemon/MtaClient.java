package io.github.orgmilter.daemon;

import io.github.orgmilter.net.ListenAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A small MTA at the other end of a real socket; it offers all that Postfix does, so only RCPT and the end are answered. */
public final class MtaClient implements AutoCloseable {

    private final SocketChannel socket;
    private static final String CHANGES = "mih"; // SMFIR_CHGHEADER, INSHEADER, ADDHEADER
    private static final int NO_REPLY_TO_CONNECT = 0x1000; // SMFIP_NR_CONN

    private final DataInputStream answers;

    private boolean connectIsAnswered;

    private MtaClient(SocketChannel socket) {
        this.socket = socket;
        this.answers = new DataInputStream(Channels.newInputStream(socket));
    }

    /** Connects, negotiates, and presents a client. */
    public static MtaClient of(ListenAddress address, String client) throws IOException {
        MtaClient mta = connect(socket(address));
        mta.negotiate();
        mta.client(client);
        return mta;
    }

    public static MtaClient connect(SocketAddress address) throws IOException {
        return new MtaClient(SocketChannel.open(address));
    }

    static SocketAddress socket(ListenAddress address) {
        return address instanceof ListenAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((ListenAddress.Unix) address).path());
    }

    public void negotiate() throws IOException {
        send(
                'O',
                ByteBuffer.allocate(12).putInt(6).putInt(0x1ff).putInt(0x1fffff).array());
        byte[] answer = frame();
        if (answer[0] != 'O') {
            throw new IOException("no OPTNEG, but " + (char) answer[0]);
        }
        connectIsAnswered = (ByteBuffer.wrap(answer).getInt(9) & NO_REPLY_TO_CONNECT) == 0;
    }

    public void client(String address) throws IOException {
        macros('C', "v", "Postfix 3.7.11");
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(strings("client.example"));
        payload.writeBytes(new byte[] {'4', 0x30, 0x39});
        payload.writeBytes(strings(address));
        send('C', payload.toByteArray());
        if (connectIsAnswered && !answer().equals("c")) {
            throw new IOException("CONNECT was refused");
        }
    }

    public void mail(String path) throws IOException {
        send('M', strings(path));
    }

    /** Sends RCPT and returns the answer: {@code c}, or {@code y550 5.7.1 ...}. */
    public String rcpt(String path) throws IOException {
        send('R', strings(path));
        return answer();
    }

    /** Sends a header of fields such as {@code Subject: x}, and returns the answer to its end. */
    String header(String... fields) throws IOException {
        for (String field : fields) {
            send('L', strings(field.split(": ?", 2)));
        }
        send('N', new byte[0]);
        return answer();
    }

    /** Sends the end of the body, and returns all answers: changes of the header, and the one that ends the message. */
    List<String> changesAndEnd() throws IOException {
        send('E', new byte[0]);
        List<String> answers = new ArrayList<>();
        do {
            answers.add(answer());
        } while (CHANGES.indexOf(answers.get(answers.size() - 1).charAt(0)) >= 0);
        return answers;
    }

    public String endOfBody() throws IOException {
        send('E', new byte[0]);
        return answer();
    }

    void macros(char stage, String... pairs) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(stage);
        payload.writeBytes(strings(pairs));
        send('D', payload.toByteArray());
    }

    public void send(char command, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .flip();
        while (frame.hasRemaining()) {
            socket.write(frame);
        }
    }

    private String answer() throws IOException {
        return new String(frame(), StandardCharsets.ISO_8859_1).replaceAll("\0$", "");
    }

    private byte[] frame() throws IOException {
        return answers.readNBytes(answers.readInt());
    }

    /** Whether the milter has closed the connection; waits for it to say anything. */
    boolean isClosed() throws IOException {
        try {
            answers.readInt();
            return false;
        } catch (EOFException e) {
            return true;
        }
    }

    private static byte[] strings(String... strings) {
        return (String.join("\0", strings) + "\0").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
