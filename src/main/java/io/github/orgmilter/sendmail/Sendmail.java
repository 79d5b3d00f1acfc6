package io.github.orgmilter.sendmail;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Sendmail by its sendmail.cf, and its rules, which its own test mode applies ({@code sendmail -bt}). */
public final class Sendmail {

    /** Where it looks by itself. */
    public static final String FILE = "/etc/mail/sendmail.cf";

    private static final Pattern OPTION = Pattern.compile("O\\s*([A-Za-z][A-Za-z0-9_.-]*)\\s*(?:=\\s*(.*))?");
    private static final Pattern SOCKET_MAP = Pattern.compile("Kaccess\\s+socket\\s+(?:-\\S+\\s+)*(\\S+:\\S+)");
    private static final Pattern FILE_MAP = Pattern.compile("Kaccess\\s+(hash|btree|cdb|dbm)\\s+(?:-\\S+\\s+)*(/\\S+)");
    private static final Pattern VERSION = Pattern.compile("DZ(\\d+\\.\\d+\\.\\d+).*");
    private static final Pattern ANSWER = Pattern.compile("(?:> )?(check_rcpt|srv_features)\\s+returns: (.*)");

    private final Machine machine;
    private final String file;
    private final List<String> lines;
    private final Map<String, List<String>> options = new LinkedHashMap<>();

    private Sendmail(Machine machine, String file, List<String> lines) {
        this.machine = machine;
        this.file = file;
        this.lines = lines;
        for (String line : lines) {
            Matcher option = OPTION.matcher(line.strip());
            if (option.matches()) {
                options.computeIfAbsent(option.group(1), name -> new ArrayList<>())
                        .add(option.group(2) == null ? "" : option.group(2).strip());
            }
        }
    }

    /**
     * Reads one.
     *
     * @throws IOException if the file cannot be read; the message says what to do
     */
    public static Sendmail read(Machine machine, String file) throws IOException {
        Optional<String> text = machine.file(file);
        if (text.isEmpty()) {
            throw new IOException(
                    file + " cannot be read; run this as root on the MTA's machine, or name another with -c");
        }
        return new Sendmail(machine, file, text.get().lines().toList());
    }

    public String file() {
        return file;
    }

    /** The value of an option; empty if it is not set. */
    public String option(String name) {
        List<String> values = options.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.get(values.size() - 1);
    }

    public List<Filter> filters() {
        return lines.stream().flatMap(line -> Filter.of(line).stream()).toList();
    }

    /** The names of the milters of every daemon that has none of its own. */
    public List<String> inputMailFilters() {
        return Stream.of(option("InputMailFilters").split("[,;]"))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    public List<Listener> listeners() {
        return options.getOrDefault("DaemonPortOptions", List.of()).stream()
                .map(Listener::of)
                .toList();
    }

    /** The first three numbers of its version; empty if the file has none. */
    public String version() {
        return lines.stream()
                .map(VERSION::matcher)
                .filter(Matcher::matches)
                .map(version -> version.group(1))
                .findFirst()
                .orElse("");
    }

    /** Where the access map is asked, if a server answers it. */
    public Optional<Place> accessSocket() {
        return lines.stream()
                .map(SOCKET_MAP::matcher)
                .filter(Matcher::matches)
                .flatMap(map -> Filter.place(map.group(1)).stream())
                .findFirst();
    }

    /** The file of the access map, if it is one. */
    public Optional<String> accessFile() {
        return lines.stream()
                .map(FILE_MAP::matcher)
                .filter(Matcher::matches)
                .map(map -> map.group(2))
                .findFirst();
    }

    /** The keys of the access map, in lower case, if it is a file. */
    public List<String> accessKeys() throws IOException {
        for (String line : lines) {
            Matcher map = FILE_MAP.matcher(line);
            if (map.matches()) {
                Output output = machine.run("makemap", "-u", map.group(1), map.group(2));
                return output.lines().stream()
                        .map(entry -> entry.split("\\s")[0].toLowerCase(java.util.Locale.ROOT))
                        .toList();
            }
        }
        return List.of();
    }

    /**
     * What its rules answer to recipients of a client that is not encrypted and has not logged in.
     *
     * @param clients and recipients, in pairs
     * @return the answers, in order: {@code RELAY}, {@code $# error ...}, or what is left of the recipient
     */
    public List<String> checkRecipients(List<Map.Entry<String, String>> clients) throws IOException {
        StringBuilder input = new StringBuilder();
        for (Map.Entry<String, String> pair : clients) {
            input.append(".D{client_addr}")
                    .append(pair.getKey())
                    .append("\n.D{client_name}[")
                    .append(pair.getKey());
            input.append("]\n.D{client_resolve}FAIL\n.D{client_ptr}[").append(pair.getKey());
            input.append("]\ncheck_rcpt <").append(pair.getValue()).append(">\n");
        }
        return answers("check_rcpt", input.toString());
    }

    /** What the ruleset {@code srv_features} answers; empty if it says nothing. */
    public String serverFeatures() throws IOException {
        return answers("srv_features", ".D{client_addr}192.0.2.77\n.D{client_name}[192.0.2.77]\nsrv_features client\n")
                .stream()
                .filter(answer -> answer.startsWith("$#"))
                .map(answer -> answer.substring(2).strip())
                .findFirst()
                .orElse("");
    }

    /** The members of a class. */
    public List<String> members(String name) throws IOException {
        return test("$=" + name + "\n").lines().stream()
                .map(line -> line.replaceFirst("^> ", "").strip())
                .filter(line -> line.matches("[A-Za-z0-9.:\\[\\]_-]+"))
                .toList();
    }

    private List<String> answers(String ruleset, String input) throws IOException {
        return test(input).lines().stream()
                .map(ANSWER::matcher)
                .filter(answer -> answer.matches() && answer.group(1).equals(ruleset))
                .map(answer -> answer.group(2).strip())
                .toList();
    }

    private Output test(String input) throws IOException {
        Output output = machine.run(List.of("sendmail", "-bt", "-C", file), input);
        if (output.out().isEmpty()) {
            throw new IOException("sendmail -bt failed: " + output.complaint() + "; run this as root");
        }
        return output;
    }
}
