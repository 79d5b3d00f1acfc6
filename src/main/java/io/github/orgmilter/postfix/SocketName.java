package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Postfix writes the place of a server. */
public final class SocketName {

    private static final Pattern INET = Pattern.compile("(?:inet|inet6):(?:\\[([^\\]]+)\\]|([^:@\\[\\]]*)):(\\d+)");
    private static final Pattern SENDMAIL_STYLE = Pattern.compile("(?:inet|inet6):(\\d+)@(.+)");
    private static final Pattern UNIX = Pattern.compile("(?:unix|local):(.+)");

    private SocketName() {}

    /**
     * Reads one.
     *
     * @param queue the queue directory, to which relative paths are relative
     * @param root what absolute paths begin at: the queue directory in a chroot, else {@code /}
     */
    public static Optional<Place> parse(String text, String queue, String root) {
        Matcher inet = INET.matcher(text);
        if (inet.matches()) {
            String host = inet.group(1) != null ? inet.group(1) : inet.group(2);
            return Optional.of(new Place.Tcp(host.isEmpty() ? "127.0.0.1" : host, Integer.parseInt(inet.group(3))));
        }
        Matcher style = SENDMAIL_STYLE.matcher(text);
        if (style.matches()) {
            return Optional.of(new Place.Tcp(style.group(2), Integer.parseInt(style.group(1))));
        }
        Matcher unix = UNIX.matcher(text);
        if (unix.matches()) {
            String path = unix.group(1);
            String whole = (path.startsWith("/") ? root : queue) + "/" + path;
            return Optional.of(new Place.Unix(whole.replaceAll("//+", "/")));
        }
        return Optional.empty();
    }
}
