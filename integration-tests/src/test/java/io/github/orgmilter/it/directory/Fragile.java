package io.github.orgmilter.it.directory;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.util.List;

/** The stores that the faults of these tests happen to: in each run one, another each day; with {@code -Dit.full=true} all. */
enum Fragile {
    POSTGRESQL {
        @Override
        FragileStore make() throws IOException {
            return PostgresContainer.primary();
        }
    },
    MARIADB {
        @Override
        FragileStore make() throws IOException {
            return new MariaDbContainer();
        }

        @Override
        FragileStore makePrimary() throws IOException {
            return MariaDbContainer.primary();
        }
    },
    OPENLDAP {
        @Override
        FragileStore make() throws IOException {
            return new OpenLdapContainer(new TestCertificates());
        }
    };

    /** One that is not started. */
    abstract FragileStore make() throws IOException;

    /** One that can have a replica. */
    FragileStore makePrimary() throws IOException {
        return make();
    }

    /** Those of this run. */
    static List<Fragile> due() {
        return Sample.turn("stores", List.of(values()));
    }
}
