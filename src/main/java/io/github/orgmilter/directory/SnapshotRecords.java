package io.github.orgmilter.directory;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Records with checksums: the length of the payload, a checksum of the length, one of the payload, and the payload. */
final class SnapshotRecords {

    static final int HEAD = 3 * Integer.BYTES;

    private SnapshotRecords() {}

    /** The octets of a record. */
    static ByteBuffer of(byte[] payload) {
        ByteBuffer octets = ByteBuffer.allocate(HEAD + payload.length);
        octets.putInt(payload.length);
        octets.putInt(checksum(octets.array(), 0, Integer.BYTES));
        octets.putInt(checksum(payload, 0, payload.length));
        return octets.put(payload).flip();
    }

    private static int checksum(byte[] octets, int start, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(octets, start, length);
        return (int) checksum.getValue();
    }

    /** A record that is not whole, or not what was written. */
    static final class DamagedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean torn;

        private DamagedException(boolean torn) {
            super(torn ? "a record that is not whole" : "a record whose checksum is wrong");
            this.torn = torn;
        }

        /** Whether it is as a write leaves it that was interrupted: nothing but zeros follows what is wrong. */
        boolean isTorn() {
            return torn;
        }
    }

    /** Reads records from a file. */
    static final class Reader {
        private final DataInputStream in;
        private long left;

        /**
         * Makes a reader.
         *
         * @param left the octets of the file from here on
         */
        Reader(DataInputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        /** The octets that are left in the file. */
        long left() {
            return left;
        }

        /** The next payload; empty at the end. */
        Optional<byte[]> next() throws IOException, DamagedException {
            if (left == 0) {
                return Optional.empty();
            }
            if (left < HEAD) {
                throw new DamagedException(true);
            }
            byte[] head = in.readNBytes(HEAD);
            ByteBuffer numbers = ByteBuffer.wrap(head);
            int length = numbers.getInt();
            if (head.length < HEAD || numbers.getInt() != checksum(head, 0, Integer.BYTES) || length < 0) {
                throw new DamagedException(isZero(head) && restIsZero());
            }
            if (length > left - HEAD) {
                throw new DamagedException(true);
            }
            byte[] payload = in.readNBytes(length);
            if (payload.length < length || numbers.getInt() != checksum(payload, 0, payload.length)) {
                throw new DamagedException(restIsZero());
            }
            left -= HEAD + length;
            return Optional.of(payload);
        }

        private boolean restIsZero() throws IOException {
            byte[] rest = new byte[1 << 16];
            for (int read = in.read(rest); read > 0; read = in.read(rest)) {
                for (int i = 0; i < read; i++) {
                    if (rest[i] != 0) {
                        return false;
                    }
                }
            }
            return true;
        }

        private static boolean isZero(byte[] octets) {
            for (byte octet : octets) {
                if (octet != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
