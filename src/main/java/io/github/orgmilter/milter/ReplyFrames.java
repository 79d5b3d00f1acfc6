package io.github.orgmilter.milter;

import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nightcode.milter.ResponseCode;

/** What a verdict is on the wire. Accepting one recipient is CONTINUE: ACCEPT would let all later ones pass unseen. */
final class ReplyFrames {

    // Direct, so that it is written as it lies.
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes(frame(ResponseCode.SMFIR_CONTINUE.code(), new byte[0])));

    private ReplyFrames() {}

    /** CONTINUE: always the same octets. */
    static ByteBuf carryOn() {
        return CONTINUE.duplicate();
    }

    static ByteBuf of(Verdict verdict) {
        return of(verdict.reply());
    }

    /** The reply if there is one, else CONTINUE. */
    static ByteBuf of(Optional<SmtpReply> reply) {
        return reply.map(ReplyFrames::of).orElseGet(ReplyFrames::carryOn);
    }

    /** The reply with its codes; {@code %} is doubled, since the MTA takes the text for a format. */
    static ByteBuf of(SmtpReply reply) {
        byte[] text = (reply.toString().replace("%", "%%") + '\0').getBytes(StandardCharsets.US_ASCII);
        return frame(ResponseCode.SMFIR_REPLYCODE.code(), text);
    }

    /** A frame: the length of what follows, in four octets; a command octet; the payload. */
    static ByteBuf frame(int command, byte[] payload) {
        return Unpooled.buffer(Integer.BYTES + 1 + payload.length)
                .writeInt(1 + payload.length)
                .writeByte(command)
                .writeBytes(payload);
    }
}
