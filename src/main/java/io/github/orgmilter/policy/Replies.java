package io.github.orgmilter.policy;

import java.util.EnumMap;
import java.util.Map;

/** The reply for every cause: the configured one, else the default. */
public final class Replies {

    public static final Replies DEFAULT = new Replies(Map.of());

    private final Map<Cause, ReplyTemplate> templates = new EnumMap<>(Cause.class);

    /**
     * Takes the configured replies.
     *
     * @throws IllegalArgumentException if a failure of our own has a permanent reply: it must not lose mail
     */
    public Replies(Map<Cause, ReplyTemplate> configured) {
        for (Cause cause : Cause.values()) {
            ReplyTemplate template = configured.get(cause);
            templates.put(cause, template == null ? ReplyTemplate.defaultOf(cause) : template);
            if (cause.isTemporary() && !template(cause).isTemporary()) {
                throw new IllegalArgumentException("a permanent reply for " + cause.key());
            }
        }
    }

    private ReplyTemplate template(Cause cause) {
        ReplyTemplate template = templates.get(cause);
        if (template == null) {
            throw new IllegalStateException("no reply for " + cause);
        }
        return template;
    }

    SmtpReply reply(Cause cause, Client client, Address sender) {
        return template(cause).render(client.display(), sender.shownDomain());
    }

    /** The reply for a failure of our own, about which there may be nothing else to say. */
    public SmtpReply internal() {
        return template(Cause.INTERNAL).render(Client.UNKNOWN, Client.UNKNOWN);
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
