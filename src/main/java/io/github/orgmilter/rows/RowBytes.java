package io.github.orgmilter.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers and texts as octets: numbers of 7 bits an octet, the lowest first, and texts in UTF-8 after their length. */
public final class RowBytes {

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private RowBytes() {}

    /** Collects octets. */
    public static final class Writer {
        private byte[] octets = new byte[256];
        private int length;

        public void clear() {
            length = 0;
        }

        public void octet(int octet) {
            if (length == octets.length) {
                octets = Arrays.copyOf(octets, 2 * length);
            }
            octets[length++] = (byte) octet;
        }

        /** Any number; small ones, negative as well, are short. */
        public void number(long number) {
            long rest = (number << 1) ^ (number >> (Long.SIZE - 1));
            while ((rest & -MORE) != 0) {
                octet(((int) rest & (MORE - 1)) | MORE);
                rest >>>= BITS;
            }
            octet((int) rest);
        }

        public void text(String text) {
            octets(text.getBytes(StandardCharsets.UTF_8));
        }

        public void octets(byte[] more) {
            number(more.length);
            if (octets.length - length < more.length) {
                octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more.length));
            }
            System.arraycopy(more, 0, octets, length, more.length);
            length += more.length;
        }

        public int length() {
            return length;
        }

        public byte[] written() {
            return Arrays.copyOf(octets, length);
        }
    }

    /** Reads what a writer wrote; anything else ends in an {@link IndexOutOfBoundsException}. */
    public static final class Reader {
        private final byte[] octets;
        private int position;

        public Reader(byte[] octets) {
            this.octets = octets;
        }

        public boolean hasMore() {
            return position < octets.length;
        }

        public int octet() {
            return octets[position++];
        }

        public long number() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += BITS) {
                int octet = octets[position++];
                number |= (long) (octet & (MORE - 1)) << shift;
                if ((octet & MORE) == 0) {
                    return (number >>> 1) ^ -(number & 1);
                }
            }
            throw new IndexOutOfBoundsException("a number without an end");
        }

        public int count() {
            long count = number();
            if (count < 0 || count > octets.length) {
                throw new IndexOutOfBoundsException("a count of " + count + " in " + octets.length + " octets");
            }
            return (int) count;
        }

        public String text() {
            int length = length();
            String text = new String(octets, position, length, StandardCharsets.UTF_8);
            position += length;
            return text;
        }

        public byte[] octets() {
            int length = length();
            byte[] read = Arrays.copyOfRange(octets, position, position + length);
            position += length;
            return read;
        }

        private int length() {
            int length = count();
            if (length > octets.length - position) {
                throw new IndexOutOfBoundsException("a text of " + length + " octets, with fewer left");
            }
            return length;
        }
    }
}
