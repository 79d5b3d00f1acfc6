package io.github.orgmilter.config.listen;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.net.ListenAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the sockets to listen on, in the notation of milters, {@code inet:PORT@HOST}, or in that of Postfix. */
public final class ListenReader {

    public static final Keys KEYS = Keys.nullable();

    private static final Key<Optional<Node>> SOCKET = KEYS.optional("socket", Optional::of);
    private static final Key<Optional<Node>> MODE = KEYS.optional("mode", Optional::of);
    private static final Key<Optional<Node>> GROUP = KEYS.optional("group", Optional::of);

    // The path in sockaddr_un, less the terminating zero (unix(7)).
    private static final int MAX_SOCKET_PATH = 107;
    private static final Pattern MILTER_FORM = Pattern.compile("(inet6?):([^@]*)@(.*)");
    private static final Pattern POSTFIX_FORM = Pattern.compile("inet:(\\[.*]|[^:\\[\\]]*):([^:]*)");
    private static final Pattern OCTAL_MODE = Pattern.compile("0?([0-7]{3})");
    private static final Set<PosixFilePermission> DEFAULT_MODE = permissions("660");
    private static final String FORMS = "write \"inet:10033@127.0.0.1\", \"inet6:10033@::1\" or \"unix:/path\"";

    private final Map<String, Location> seen = new HashMap<>();

    /** The sockets of {@code listen}, at least one. */
    public List<ListenAddress> read(Node listen) {
        if (listen.isEmptyList()) {
            listen.error("no socket to listen on", FORMS);
        }
        List<ListenAddress> addresses = sockets(listen);
        addresses.forEach(address -> warnUnlessLocal(listen, address, "use up the connections meant for the MTA"));
        return addresses;
    }

    /** The sockets of {@code policy-listen}: any number; their clients are trusted. */
    public List<ListenAddress> readPolicy(Node policyListen) {
        List<ListenAddress> addresses = sockets(policyListen);
        addresses.forEach(address -> {
            warnUnlessLocal(policyListen, address, "claim any certificate for its sessions");
            if (address instanceof ListenAddress.Unix unix && SocketPermissions.isOpen(unix)) {
                policyListen
                        .problems()
                        .warning(
                                policyListen.location(),
                                unix
                                        + " lets every user of this machine connect, and claim any certificate for a session",
                                "use mode = \"0660\", and the MTA's group, as in group = \"postfix\"");
            }
        });
        return addresses;
    }

    /** The sockets of {@code map-listen}: any number; their clients learn whose a domain is, and which addresses are known. */
    public List<ListenAddress> readMap(Node mapListen) {
        List<ListenAddress> addresses = sockets(mapListen);
        addresses.forEach(
                address -> warnUnlessLocal(mapListen, address, "ask which domains and addresses belong to customers"));
        return addresses;
    }

    private static void warnUnlessLocal(Node node, ListenAddress address, String harm) {
        if (address instanceof ListenAddress.Tcp tcp && !tcp.isLoopback()) {
            node.problems()
                    .warning(
                            node.location(),
                            tcp + " is not on loopback: anyone who reaches it can " + harm,
                            "write \"" + tcp.here() + "\", or block others with a firewall");
        } else if (address instanceof ListenAddress.Unix unix) {
            SocketPermissions.checkFolderOf(unix, node);
        }
    }

    private List<ListenAddress> sockets(Node listen) {
        List<ListenAddress> addresses = new ArrayList<>();
        for (Node element : listen.elements()) {
            socket(element).ifPresent(addresses::add);
        }
        return addresses;
    }

    private Optional<ListenAddress> socket(Node node) {
        Optional<ListenAddress> address = node.isObject()
                ? node.section(KEYS).flatMap(this::withOptions)
                : node.text().flatMap(text -> parse(node, text));
        return address.filter(listener -> isFirst(listener, node));
    }

    /** The socket of {@code admin-listen}. */
    public Optional<ListenAddress> readAdmin(Node node) {
        Optional<ListenAddress> address = socket(node);
        address.ifPresent(listener -> warnUnlessLocal(node, listener, "read all metrics and reload"));
        return address;
    }

    /** The hosts of {@code admin-hosts}, as a browser writes them. */
    public static Set<String> adminHosts(Node node) {
        return Values.all(node.elements(), ListenReader::host).stream()
                .map(Located::value)
                .collect(Collectors.toSet());
    }

    private static String host(String text) throws InvalidValueException {
        Optional<IpAddress> address = IpAddress.parse(text);
        if (address.isPresent()) {
            return address.get().toString();
        }
        if (!text.matches("[^*/:]+")) {
            throw new InvalidValueException(
                    "\"" + text + "\" is not a host name",
                    "write the name or the address alone, without a scheme or a port");
        }
        return DomainName.parse(text).ascii();
    }

    private Optional<ListenAddress> withOptions(Section options) {
        Optional<Node> socket = SOCKET.in(options);
        if (socket.isEmpty()) {
            options.missing("a listener without a socket", "add socket = \"unix:/path\"");
            return Optional.empty();
        }
        Optional<ListenAddress> address = socket.get().text().flatMap(text -> parse(socket.get(), text));
        Optional<Node> mode = MODE.in(options);
        Optional<Node> group = GROUP.in(options);
        Optional<Set<PosixFilePermission>> permissions = mode.flatMap(this::mode);
        Optional<String> groupName = group.flatMap(this::group);
        if (address.isPresent() && address.get() instanceof ListenAddress.Tcp) {
            mode.ifPresent(node -> node.error("a TCP socket has no mode", "remove it, or use a unix: socket"));
            group.ifPresent(node -> node.error("a TCP socket has no group", "remove it, or use a unix: socket"));
        }
        return address.map(listener -> listener instanceof ListenAddress.Unix unix
                ? new ListenAddress.Unix(unix.path(), permissions.orElse(unix.mode()), groupName)
                : listener);
    }

    private Optional<Set<PosixFilePermission>> mode(Node mode) {
        return mode.text().flatMap(text -> {
            Matcher matcher = OCTAL_MODE.matcher(text);
            if (!matcher.matches()) {
                mode.error("\"" + text + "\" is not a file mode", "write three octal digits, such as \"0660\"");
                return Optional.empty();
            }
            return Optional.of(permissions(matcher.group(1)));
        });
    }

    private Optional<String> group(Node group) {
        return group.text().filter(name -> {
            boolean usable = !name.isBlank();
            if (!usable) {
                group.error("an empty group name", "write a group such as \"postfix\", or remove this key");
            }
            return usable;
        });
    }

    private static Set<PosixFilePermission> permissions(String octal) {
        int bits = Integer.parseInt(octal, 8);
        // The constants are declared in the order of the bits, the owner's read permission highest.
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits >> (all.length - 1 - i) & 1) == 1) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    private static Optional<ListenAddress> parse(Node node, String text) {
        try {
            return Optional.of(parse(text));
        } catch (InvalidValueException e) {
            String trimmed = Text.trimmed(text);
            if (trimmed.equals(text)) {
                node.error(e);
            } else {
                node.error(
                        "\"" + text + "\" begins or ends with a blank or an invisible character",
                        "write \"" + trimmed + "\"");
            }
            return Optional.empty();
        }
    }

    private static ListenAddress parse(String text) throws InvalidValueException {
        if (text.startsWith("unix:")) {
            return unix(text.substring("unix:".length()));
        }
        if (text.startsWith("local:")) {
            throw new InvalidValueException(
                    "\"" + text + "\" is not a socket", "write \"unix:" + text.substring("local:".length()) + "\"");
        }
        Matcher milter = MILTER_FORM.matcher(text);
        if (milter.matches()) {
            return tcp(text, milter.group(1).equals("inet6"), milter.group(3), milter.group(2));
        }
        Matcher postfix = POSTFIX_FORM.matcher(text);
        if (postfix.matches()) {
            String host = postfix.group(1);
            boolean bracketed = host.startsWith("[");
            return tcp(text, bracketed, bracketed ? host.substring(1, host.length() - 1) : host, postfix.group(2));
        }
        if (text.matches("inet6?:[0-9]+")) {
            throw new InvalidValueException(
                    "\"" + text + "\" has no address",
                    text.startsWith("inet6") ? "write \"" + text + "@::1\"" : "write \"" + text + "@127.0.0.1\"");
        }
        throw new InvalidValueException("\"" + text + "\" is not a socket", FORMS);
    }

    private static ListenAddress unix(String written) throws InvalidValueException {
        if (!written.startsWith("/")) {
            throw new InvalidValueException(
                    "\"unix:" + written + "\" is not an absolute path",
                    "write the whole path, such as \"unix:/run/orgmilter/orgmilter.sock\"");
        }
        if (written.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
            throw new InvalidValueException(
                    "\"unix:" + written + "\" is longer than the " + MAX_SOCKET_PATH
                            + " octets that a socket's path can have",
                    "use a shorter path");
        }
        try {
            return new ListenAddress.Unix(Path.of(written).normalize(), DEFAULT_MODE, Optional.empty());
        } catch (InvalidPathException e) {
            throw new InvalidValueException("\"unix:" + written + "\" is not a path", "write a valid path");
        }
    }

    private static ListenAddress tcp(String text, boolean wantsIPv6, String host, String portText)
            throws InvalidValueException {
        if (!portText.matches("[0-9]{1,5}") || Integer.parseInt(portText) > 65535) {
            throw new InvalidValueException(
                    "\"" + portText + "\" in \"" + text + "\" is not a port", "write a number from 1 to 65535");
        }
        int port = Integer.parseInt(portText);
        if (host.equals("localhost") && !wantsIPv6) {
            return new ListenAddress.Tcp(host, port);
        }
        Optional<IpAddress> address = IpAddress.parse(host);
        if (address.isEmpty()) {
            throw new InvalidValueException(
                    "\"" + host + "\" in \"" + text + "\" is not an address",
                    wantsIPv6
                            ? "write an IPv6 address, such as ::1"
                            : "write an IPv4 address or localhost; other names are not looked up");
        }
        boolean ipv6 = !address.get().isIPv4();
        if (ipv6 != wantsIPv6) {
            throw new InvalidValueException(
                    "\"" + host + "\" in \"" + text + "\" is an " + (ipv6 ? "IPv6" : "IPv4") + " address",
                    "write \"" + (ipv6 ? "inet6:" : "inet:") + port + "@" + address.get() + "\"");
        }
        return new ListenAddress.Tcp(address.get().toString(), port);
    }

    private boolean isFirst(ListenAddress listener, Node node) {
        if (listener instanceof ListenAddress.Tcp tcp && tcp.port() == 0) {
            return true; // another free port each time
        }
        String socket = listener.toString().replace("@localhost", "@127.0.0.1");
        Location first = seen.putIfAbsent(socket, node.location());
        if (first != null) {
            node.error(listener + " is already listened on, at " + first.place(), "remove one of them");
        }
        return first == null;
    }
}
