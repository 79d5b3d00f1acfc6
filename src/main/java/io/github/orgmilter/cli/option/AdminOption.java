package io.github.orgmilter.cli.option;

import io.github.orgmilter.admin.AdminClient;
import io.github.orgmilter.admin.AdminClient.Response;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.config.listen.AdminSocket;
import io.github.orgmilter.config.listen.AdminToken;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** What commands share that ask the running service: they find it by the admin-listen of its configuration. */
public final class AdminOption {

    /** Of a large configuration a reload takes minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Mixin
    private ConfigurationOption config = new ConfigurationOption();

    /** Asks, prints the answer, and returns the exit code. */
    public int ask(CommandLine command, String method, String target) throws ConfigurationException, IOException {
        AdminSocket socket = Configuration.adminSocket(config.file())
                .orElseThrow(() -> new IOException(
                        config.file() + " has no admin-listen, by which the running service is asked; add"
                                + " admin-listen = \"unix:/run/orgmilter/admin.sock\", and restart the service"));
        Response response =
                AdminClient.request(socket.address(), socket.token().map(AdminToken::value), method, target, LONGEST);
        if (!response.isSuccess()) {
            Failures.print(command, answer(response));
            return Failures.FAILED;
        }
        command.getOut().print(response.body());
        command.getOut().flush();
        return 0;
    }

    private static Stream<String> answer(Response response) {
        return response.status() == 404
                ? Stream.of("the running service does not know this request; restart it, if it is an older version")
                : response.body().lines();
    }
}
