package io.github.orgmilter.it.directory;

import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The databases of these tests: in each run one, the other the next day; with {@code -Dit.full=true} both. */
enum SqlKind {
    POSTGRESQL {
        @Override
        DatabaseContainer make() throws IOException {
            return PostgresContainer.primary();
        }
    },
    MARIADB {
        @Override
        DatabaseContainer make() throws IOException {
            return new MariaDbContainer();
        }
    };

    /** One that is not started. */
    abstract DatabaseContainer make() throws IOException;

    static List<SqlKind> due() {
        return Sample.turn("databases", List.of(values()));
    }

    /** Those of this run, with our own tables. */
    static List<DatabaseContainer> start() {
        List<CompletableFuture<DatabaseContainer>> starting = new ArrayList<>();
        for (SqlKind kind : due()) {
            starting.add(CompletableFuture.supplyAsync(() -> {
                try {
                    DatabaseContainer database = kind.make();
                    database.startWithSchema();
                    return database;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        return starting.stream().map(CompletableFuture::join).toList();
    }

    /** Which of them it is. */
    static SqlKind of(DatabaseContainer database) {
        return database instanceof PostgresContainer ? POSTGRESQL : MARIADB;
    }
}
