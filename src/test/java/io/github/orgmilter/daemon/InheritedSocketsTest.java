package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.cli.ChildProcess;
import io.github.orgmilter.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a child of something that holds its sockets, as systemd does; Perl plays that, which every Debian has. */
@Timeout(120)
@DisplayName("Sockets that the starting process holds")
@Tag("slow")
final class InheritedSocketsTest {

    /** A stand-in for systemd: binds as descriptors 3, 4, ..., says where, and starts the command as often as told. */
    private static final String ACTIVATOR = """
            use strict; use Socket qw(:DEFAULT inet_pton);
            $| = 1; $^F = 20; # keep descriptors up to 20 over exec
            my ($times, $pid_of, $config, @rest) = @ARGV;
            my (@sockets, @command);
            push @sockets, shift @rest while $rest[0] ne '--';
            shift @rest; @command = @rest;
            open(my $in, '<', $config) or die; my $text = join '', <$in>; close $in;
            my @held;
            for my $name (@sockets) {
                my $s;
                if ($name =~ m{^/}) {
                    socket($s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, pack_sockaddr_un($name)) or die $!;
                } elsif ($name =~ m{^abstract (.*)}) {
                    # No inherited one: a neighbour whose name is no UTF-8.
                    socket($s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, pack_sockaddr_un("\\0$1\\xff\\xfe")) or die $!;
                } elsif ($name eq '::1') {
                    socket($s, AF_INET6, SOCK_STREAM, 0) or die; bind($s, pack_sockaddr_in6(0, inet_pton(AF_INET6, $name))) or die $!;
                    my $port = (unpack_sockaddr_in6(getsockname($s)))[0]; $text =~ s/PORT6/$port/;
                    print "bound $port\\n";
                } else {
                    socket($s, AF_INET, SOCK_STREAM, 0) or die; bind($s, pack_sockaddr_in(0, inet_aton($name))) or die $!;
                    my $port = (unpack_sockaddr_in(getsockname($s)))[0]; $text =~ s/PORT4/$port/;
                    print "bound $port\\n";
                }
                listen($s, 128) or die $!;
                push @held, $s;
            }
            open(my $out, '>', $config) or die; print $out $text; close $out;
            $ENV{LISTEN_FDS} = grep { !/^abstract/ } @sockets;
            for (1 .. $times) {
                my $pid = fork();
                if ($pid == 0) {
                    $ENV{LISTEN_PID} = $pid_of eq 'child' ? $$ : $$ + 1;
                    exec @command or die $!;
                }
                print "started $pid\\n";
                waitpid($pid, 0);
                print "ended ", $? >> 8, "\\n";
            }
            """;

    private final List<ChildProcess> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private final class Activator {
        final ChildProcess process;
        final Path log;

        Activator(int times, String pidOf, String listen, List<String> sockets) throws IOException {
            Path own = Files.createTempDirectory(folder, "activator");
            Path config = Files.writeString(
                    own.resolve("orgmilter.conf"),
                    "listen = [ " + listen + " ]\norganizations.contoso.accepted-domains = [ \"contoso.com\" ]\n");
            log = own.resolve("stderr");
            List<String> command = new ArrayList<>(
                    List.of("perl", "-e", ACTIVATOR, Integer.toString(times), pidOf, config.toString()));
            command.addAll(sockets);
            command.add("--");
            command.addAll(ChildProcess.java(Main.class, config));
            process = ChildProcess.start(new ProcessBuilder(command).redirectError(log.toFile()));
            processes.add(process);
        }

        /** Reads on until a line with the text, and returns what follows the text there. */
        String after(String text) throws Exception {
            try {
                return process.after(text);
            } catch (AssertionError e) {
                throw new AssertionError(errors(), e);
            }
        }

        String errors() throws IOException {
            return Files.readString(log);
        }
    }

    @AfterEach
    void stop() {
        for (ChildProcess process : processes) {
            process.close();
        }
    }

    @Test
    @DisplayName("serve over IPv4, IPv6 and Unix, and keep a connection that comes while the daemon is restarted")
    void restart() throws Exception {
        Path unix = folder.resolve("s");
        Activator activator = new Activator(
                2,
                "child",
                "\"inet6:PORT6@::1\", \"unix:" + unix + "\", \"inet:PORT4@127.0.0.1\""
                        + " ]\npolicy-listen = [ \"inet:PORT4@127.0.0.1\"",
                List.of("127.0.0.1", "::1", unix.toString(), "127.0.0.1", "abstract " + unix));
        SocketAddress tcp4 = new InetSocketAddress("127.0.0.1", Integer.parseInt(activator.after("bound ")));
        SocketAddress tcp6 = new InetSocketAddress("::1", Integer.parseInt(activator.after("bound ")));
        int policyPort = Integer.parseInt(activator.after("bound "));
        List<SocketAddress> all = List.of(tcp4, tcp6, UnixDomainSocketAddress.of(unix));
        long pid = Long.parseLong(activator.after("started "));
        activator.after("orgmilter listening on ");
        for (SocketAddress address : all) {
            try (MtaClient mta = MtaClient.connect(address)) {
                mta.negotiate();
                mta.client("192.0.2.7");
                mta.mail("<a@example.org>");
                assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo("c");
            }
        }
        assertThat(askPolicy(policyPort)).isEqualTo("action=DUNNO");
        ProcessHandle.of(pid).orElseThrow().destroy();
        assertThat(activator.after("ended ")).as(activator.errors()).isEqualTo("0");
        assertThat(unix).exists();
        List<MtaClient> waiting = new ArrayList<>();
        for (SocketAddress address : all) {
            waiting.add(MtaClient.connect(address));
        }
        for (MtaClient mta : waiting) {
            mta.negotiate();
            mta.close();
        }
        assertThat(activator.after("orgmilter listening on "))
                .contains("inet6:", "unix:" + unix, "inet:")
                .contains("config=");
    }

    private static String askPolicy(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("request=smtpd_access_policy\n\n".getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    @DisplayName(
            "are left alone when they are meant for another process, and must all stand in listen when they are not")
    void refused() throws Exception {
        Activator other = new Activator(1, "other", "\"inet:PORT4@127.0.0.1\"", List.of("127.0.0.1"));
        Activator tooMany = new Activator(1, "child", "\"inet:PORT4@127.0.0.1\"", List.of("127.0.0.1", "::1"));

        String port = other.after("bound ");
        assertThat(other.after("ended ")).isEqualTo("1");
        assertThat(other.errors())
                .startsWith("orgmilter: cannot listen on inet:" + port + "@127.0.0.1: ")
                .contains("in use");

        tooMany.after("bound ");
        String unlisted = tooMany.after("bound ");
        assertThat(tooMany.after("ended ")).isEqualTo("1");
        assertThat(tooMany.errors())
                .isEqualToIgnoringNewLines(
                        "orgmilter: a socket was passed for inet6:" + unlisted
                                + "@::1; it is in none of listen, policy-listen and map-listen; add it there, or take it out of the socket unit");
    }
}
