package io.github.orgmilter.milter;

import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import java.nio.charset.StandardCharsets;
import org.nightcode.milter.ResponseCode;
import org.nightcode.milter.codec.MilterPacket;
import org.nightcode.milter.util.MilterPackets;

/** What a verdict is on the wire. Accepting one recipient is CONTINUE: ACCEPT would let all later ones pass unseen. */
final class ReplyFrames {

    private ReplyFrames() {}

    static MilterPacket of(Verdict verdict) {
        return verdict.reply().map(ReplyFrames::of).orElse(MilterPackets.SMFIS_CONTINUE);
    }

    /** The reply with its codes; {@code %} is doubled, since the MTA takes the text for a format. */
    static MilterPacket of(SmtpReply reply) {
        byte[] text = (reply.toString().replace("%", "%%") + '\0').getBytes(StandardCharsets.US_ASCII);
        return new MilterPacket(ResponseCode.SMFIR_REPLYCODE, text);
    }
}
