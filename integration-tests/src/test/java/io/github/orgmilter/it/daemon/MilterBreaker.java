package io.github.orgmilter.it.daemon;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between an MTA and the milter and resets every second connection, each at another of the MTA's frames: before it
 * is passed on, in the middle of it, or after it and before the reply.
 */
public final class MilterBreaker implements Closeable {

    private static final int STATES = 24;
    private static final int PLACES = 3;
    private static final int MOST = 1 << 20;

    private final ServerSocket server;
    private final int milterPort;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Integer> resets = new TreeMap<>();

    public MilterBreaker(int port, int milterPort) throws IOException {
        this.milterPort = milterPort;
        server = new ServerSocket(port, 4096, InetAddress.getByName("127.0.0.1"));
        start(this::acceptAll);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "milter-breaker");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket mta = server.accept();
                int number = connections.getAndIncrement();
                start(() -> serve(mta, number));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void serve(Socket mta, int number) {
        try (mta;
                Socket milter = new Socket(InetAddress.getByName("127.0.0.1"), milterPort)) {
            mta.setTcpNoDelay(true);
            milter.setTcpNoDelay(true);
            start(() -> copy(milter, mta));
            int turn = number / 2;
            passOn(mta, milter, number % 2 == 0 ? Integer.MAX_VALUE : turn % STATES, turn / STATES % PLACES);
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    private void passOn(Socket mta, Socket milter, int lastFrame, int place) throws IOException {
        DataInputStream in = new DataInputStream(mta.getInputStream());
        OutputStream out = milter.getOutputStream();
        for (int i = 0; ; i++) {
            int length = in.readInt();
            if (length < 1 || length > MOST) {
                throw new EOFException("a frame of " + length);
            }
            byte[] frame = new byte[4 + length];
            frame[0] = (byte) (length >>> 24);
            frame[1] = (byte) (length >>> 16);
            frame[2] = (byte) (length >>> 8);
            frame[3] = (byte) length;
            in.readFully(frame, 4, length);
            int passed = i < lastFrame || place == 2 ? frame.length : place == 1 ? (frame.length + 4) / 2 : 0;
            out.write(frame, 0, passed);
            if (i >= lastFrame) {
                reset(milter);
                reset(mta);
                synchronized (resets) {
                    resets.merge(Character.toString(frame[4]), 1, Integer::sum);
                }
                return;
            }
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    /** How many connections were reset, by the letter of the frame at which they were. */
    public Map<String, Integer> resets() {
        synchronized (resets) {
            return new TreeMap<>(resets);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
