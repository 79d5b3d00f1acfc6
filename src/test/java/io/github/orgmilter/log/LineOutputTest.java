package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log's output")
final class LineOutputTest {

    private final Disk disk = new Disk();
    private final LineOutput output = new LineOutput(disk);

    /** Takes as much as it has room for, and fails where a file does: at the first octet for which there is none. */
    private static final class Disk implements WritableByteChannel {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private int atOnce = Integer.MAX_VALUE;
        private boolean busy; // takes nothing every other time, as a pipe that does not wait

        @Override
        public int write(ByteBuffer octets) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            if (atOnce < Integer.MAX_VALUE && (busy = !busy)) {
                return 0;
            }
            byte[] some = new byte[Math.min(Math.min(room, atOnce), octets.remaining())];
            octets.get(some);
            taken.writeBytes(some);
            room -= some.length;
            return some.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new IllegalStateException("it is the process's");
        }

        String text() {
            return taken.toString(StandardCharsets.US_ASCII);
        }
    }

    private void write(String line) throws IOException {
        output.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("has all lines in their order, whatever their length")
    void whole() throws IOException {
        Random random = new Random(1);
        StringBuilder all = new StringBuilder();
        disk.atOnce = 50_000;
        for (int i = 0; i < 500; i++) {
            String line = "x".repeat(random.nextInt(i % 50 == 0 ? 200_000 : 2_000)) + i + "\n";
            all.append(line);
            write(line);
            if (random.nextInt(10) == 0) {
                output.flush();
            }
        }
        output.close();
        assertThat(disk.text()).isEqualTo(all.toString());
    }

    @Test
    @DisplayName("writes in large pieces")
    void pieces() throws IOException {
        write("x".repeat(60_000));
        assertThat(disk.text()).isEmpty();
        write("y".repeat(10_000));
        assertThat(disk.text()).isEqualTo("x".repeat(60_000));
    }

    @Test
    @DisplayName("of a full disk goes on in the middle of a line once there is room, and lacks only whole lines")
    void full() throws IOException {
        disk.room = 7;
        write("line 1\n");
        write("line 2\n");
        assertThatThrownBy(output::flush).hasMessage("No space left on device");
        disk.room = 4;
        assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
        assertThat(disk.text()).isEqualTo("line 1\nline");
        String longer = "x".repeat(65_535) + "\n";
        long before = NonBlockingAppender.dropped();
        assertThatThrownBy(() -> write(longer)).isInstanceOf(IOException.class);
        assertThat(NonBlockingAppender.dropped()).isGreaterThan(before);
        write("line 3\n");
        disk.room = Integer.MAX_VALUE;
        output.flush();
        assertThat(disk.text()).isEqualTo("line 1\nline 2\nline 3\n");
    }

    @Test
    @DisplayName("has a line that is longer than a piece whole as well")
    void longLine() throws IOException {
        String longest = "x".repeat(100_000) + "\n";
        write("line 1\n");
        write(longest);
        disk.room = 70_000;
        assertThatThrownBy(output::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write("y".repeat(100_000))).isInstanceOf(IOException.class);
        write("line 2\n");
        disk.room = Integer.MAX_VALUE;
        write(longest);
        output.flush();
        assertThat(disk.text()).isEqualTo("line 1\n" + longest + "line 2\n" + longest);
    }

    @Test
    @DisplayName("does not end with a thread that was interrupted")
    void interrupted() throws IOException {
        Thread.currentThread().interrupt();
        write("line\n");
        output.flush();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(disk.text()).isEqualTo("line\n");
    }
}
