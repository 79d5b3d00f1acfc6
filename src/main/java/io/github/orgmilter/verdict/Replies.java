package io.github.orgmilter.verdict;

import io.github.orgmilter.verdict.Cause.Refusing;
import java.util.EnumMap;
import java.util.Map;

/** The reply for every cause of a refusal: the configured one, else the default. */
public final class Replies {

    public static final Replies DEFAULT = new Replies(Map.of());

    private static final String UNKNOWN = "unknown";

    private final Map<Refusing, ReplyTemplate> templates = new EnumMap<>(Refusing.class);

    /**
     * Takes the configured replies.
     *
     * @throws IllegalArgumentException if a temporary cause has a permanent reply, which would lose mail
     */
    public Replies(Map<Refusing, ReplyTemplate> configured) {
        for (Refusing cause : Refusing.values()) {
            ReplyTemplate template = configured.get(cause);
            templates.put(cause, template == null ? ReplyTemplate.defaultOf(cause) : template);
            if (cause.isTemporary() && !template(cause).isTemporary()) {
                throw new IllegalArgumentException("a permanent reply for " + cause.key());
            }
        }
    }

    private ReplyTemplate template(Refusing cause) {
        ReplyTemplate template = templates.get(cause);
        if (template == null) {
            throw new IllegalStateException("no reply for " + cause);
        }
        return template;
    }

    /**
     * A reply.
     *
     * @param client the client's address as the MTA gave it
     * @param senderDomain the domain of the envelope sender
     */
    public SmtpReply reply(Refusing cause, String client, String senderDomain) {
        return template(cause).render(client, senderDomain);
    }

    /** The reply when OrgMilter itself failed; neither client nor sender need be known. */
    public SmtpReply internal() {
        return template(Refusing.INTERNAL).render(UNKNOWN, UNKNOWN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Replies replies && templates.equals(replies.templates);
    }

    @Override
    public int hashCode() {
        return templates.hashCode();
    }
}
