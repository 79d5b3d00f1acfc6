package io.github.orgmilter.milter.wire;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.milter.header.HeaderChange;
import io.github.orgmilter.milter.header.HeaderChange.Insert;
import io.github.orgmilter.milter.header.HeaderChange.Remove;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.nightcode.milter.ResponseCode;

/** What a verdict is on the wire. Accepting one recipient is CONTINUE: ACCEPT would let all later ones pass unseen. */
public final class ReplyFrames {

    private static final ByteBuf CONTINUE = constant(frame(ResponseCode.SMFIR_CONTINUE.code(), new byte[0]));

    private ReplyFrames() {}

    /** A frame of which duplicates are sent as often as may be: its octets are direct, so that they are written as they lie. */
    static ByteBuf constant(ByteBuf frame) {
        ByteBuffer octets = ByteBuffer.allocateDirect(frame.readableBytes());
        frame.readBytes(octets).release();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(octets.flip()));
    }

    /** CONTINUE: always the same octets. */
    public static ByteBuf carryOn() {
        return CONTINUE.duplicate();
    }

    public static ByteBuf of(Verdict verdict) {
        return of(verdict.reply());
    }

    /** The refusal, or the changes and CONTINUE. */
    public static ByteBuf of(EndOfMessage end) {
        return end.refusal().isPresent() || end.changes().isEmpty() ? of(end.refusal()) : changes(end.changes());
    }

    /** The reply if there is one, else CONTINUE. */
    public static ByteBuf of(Optional<SmtpReply> reply) {
        return reply.map(ReplyFrames::of).orElseGet(ReplyFrames::carryOn);
    }

    /** The reply with its codes; {@code %} is doubled, since the MTA takes the text for a format. */
    static ByteBuf of(SmtpReply reply) {
        byte[] text = (reply.toString().replace("%", "%%") + '\0').getBytes(StandardCharsets.US_ASCII);
        return frame(ResponseCode.SMFIR_REPLYCODE.code(), text);
    }

    /**
     * What is to be changed in the header, and CONTINUE. An MTA may number the fields of a name anew when one is removed, so the last
     * one goes first.
     */
    private static ByteBuf changes(List<HeaderChange> changes) {
        ByteBuf frames = Unpooled.buffer();
        for (HeaderChange change : changes) {
            if (change instanceof Remove remove) {
                for (int index = remove.copies(); index > 0; index--) {
                    write(frames, ResponseCode.SMFIR_CHGHEADER, index, remove.name(), "");
                }
            }
        }
        for (HeaderChange change : changes) {
            if (change instanceof Insert insert) {
                write(frames, ResponseCode.SMFIR_INSHEADER, 0, insert.name(), insert.value());
            }
        }
        return frames.writeBytes(carryOn());
    }

    private static void write(ByteBuf frames, ResponseCode command, int index, FieldName name, String value) {
        byte[] strings = (name + "\0" + value + "\0").getBytes(StandardCharsets.US_ASCII);
        frames.writeInt(1 + Integer.BYTES + strings.length)
                .writeByte(command.code())
                .writeInt(index)
                .writeBytes(strings);
    }

    /** A frame: the length of what follows, in four octets; a command octet; the payload. */
    static ByteBuf frame(int command, byte[] payload) {
        return Unpooled.buffer(Integer.BYTES + 1 + payload.length)
                .writeInt(1 + payload.length)
                .writeByte(command)
                .writeBytes(payload);
    }
}
