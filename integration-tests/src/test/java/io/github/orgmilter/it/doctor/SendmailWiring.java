package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.mta.SendmailContainer;
import java.io.IOException;

/** A Sendmail that is wired wrongly, and what shows it. */
final class SendmailWiring {

    /** Refused by OrgMilter. */
    static final String OURS = "550 5\\.7\\.1 <.*>\\.\\.\\. (?!Relaying denied).*";

    /** Refused by Sendmail, which has not asked. */
    static final String THEIRS = "550 5\\.7\\.1 <.*>\\.\\.\\. Relaying denied.*";

    static final String STOPPED = "(?!" + Attempt.RELAYED + ").*";

    /** Changes the example's Sendmail. */
    interface Change {
        void to(SendmailContainer sendmail) throws IOException;
    }

    private final String name;
    private final String found;
    private final Attempt attempt;
    private final String before;
    private final String after;
    private final Change wrong;
    private Change right = SendmailGates::tight;
    private String ours = "";
    private String mended = "";
    private boolean down;
    private String milter = "";
    private String prepared = "";
    private String service = "filtered";

    private SendmailWiring(String name, String found, Attempt attempt, String before, String after, Change wrong) {
        this.name = name;
        this.found = found;
        this.attempt = attempt;
        this.before = before;
        this.after = after;
        this.wrong = wrong;
    }

    /** Relays what it should not. */
    static SendmailWiring opens(String name, String found, Attempt attempt, Change wrong) {
        return new SendmailWiring(name, found, attempt, Attempt.RELAYED, STOPPED, wrong);
    }

    /** Stops what it should not, with this outcome. */
    static SendmailWiring stops(String name, String found, Attempt attempt, String before, Change wrong) {
        return new SendmailWiring(name, found, attempt, before, Attempt.RELAYED, wrong);
    }

    /** Has one outcome, and once it is mended the other. */
    static SendmailWiring changes(
            String name, String found, Attempt attempt, String before, String after, Change wrong) {
        return new SendmailWiring(name, found, attempt, before, after, wrong);
    }

    /** The Sendmail that is as it should be, where that is not the tight gate. */
    SendmailWiring becomes(Change repaired) {
        right = repaired;
        return this;
    }

    /** More lines of orgmilter.conf. */
    SendmailWiring with(String lines) {
        ours = lines;
        return this;
    }

    /** Mended by these lines of orgmilter.conf, and not in Sendmail. */
    SendmailWiring mendedBy(String lines) {
        mended = lines;
        return this;
    }

    /** Shown while OrgMilter is down. */
    SendmailWiring whileDown() {
        down = true;
        return this;
    }

    /** Looks for OrgMilter there. */
    SendmailWiring asking(String socket) {
        milter = socket;
        return this;
    }

    /** What is done in the container beforehand. */
    SendmailWiring prepared(String script) {
        prepared = script;
        return this;
    }

    /** Shown at another daemon than the usual one. */
    SendmailWiring at(String daemon) {
        service = daemon;
        return this;
    }

    String found() {
        return found;
    }

    Attempt attempt() {
        return attempt;
    }

    String before() {
        return before;
    }

    String after() {
        return after;
    }

    Change wrong() {
        return wrong;
    }

    Change right() {
        return right;
    }

    String ours() {
        return ours;
    }

    String mended() {
        return mended;
    }

    boolean isDown() {
        return down;
    }

    String milter() {
        return milter;
    }

    String prepared() {
        return prepared;
    }

    String service() {
        return service;
    }

    @Override
    public String toString() {
        return name;
    }
}
