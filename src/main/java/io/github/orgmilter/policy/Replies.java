package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.policy.Cause.Refusing;
import java.util.EnumMap;
import java.util.Map;

/** The reply for every cause of a refusal: the configured one, else the default. */
public final class Replies {

    public static final Replies DEFAULT = new Replies(Map.of());

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

    public SmtpReply reply(Refusing cause, Client client, Address sender) {
        return template(cause).render(client.display(), sender.shownDomain());
    }

    /** The reply when OrgMilter itself failed; neither client nor sender need be known. */
    public SmtpReply internal() {
        return template(Refusing.INTERNAL).render(Client.UNKNOWN, Client.UNKNOWN);
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
