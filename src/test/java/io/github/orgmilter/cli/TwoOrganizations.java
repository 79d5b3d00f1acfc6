package io.github.orgmilter.cli;

import java.io.IOException;
import java.nio.file.Path;

/** The configuration of the tests of {@code orgmilter explain}. */
final class TwoOrganizations {

    private static final String CONFIGURATION = """
            listen = [ "inet:10033@127.0.0.1" ]
            local-domains = [ "mx1.example.net" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors {
                  headquarters { certificate-names = [ "mail.contoso.com", "*.edge.contoso.com" ] }
                  issued { certificate-names = [ "mail.contoso.com" ], issuers = [ "Good CA" ], addresses = [ "192.0.2.9" ] }
                  off { addresses = [ "192.0.2.7" ], enabled = false }
                }
              }
              fabrikam {
                accepted-domains = [ "fabrikam.com" ]
                connectors {
                  branch { addresses = [ "198.51.100.0/28", "2001:db8:42::/48" ], sender-domains = [ "fabrikam.com" ] }
                  encrypted { addresses = [ "192.0.2.8" ], require-tls = true }
                }
              }
            }
            """;

    private TwoOrganizations() {}

    static CommandRun explain(Path folder) throws IOException {
        return new CommandRun("explain", folder, CONFIGURATION);
    }
}
