package io.github.orgmilter.it.directory;

/** What a store is like, to which something is to happen. */
enum Site {
    ALONE {
        @Override
        void begin(FaultScene scene, Fragile kind) throws Exception {
            FragileStore store = kind.make();
            scene.begin(store);
            scene.follow(store.directory(scene.password()));
        }
    },

    /** On a network and a disk of its own. */
    APART {
        @Override
        void begin(FaultScene scene, Fragile kind) throws Exception {
            FragileStore store = kind.make();
            store.onOwnNetwork();
            store.onSmallDisk();
            scene.begin(store);
            scene.follow(store.directory(scene.password()));
        }
    },

    /** With a replica, which is read as long as it works. */
    REPLICATED {
        @Override
        void begin(FaultScene scene, Fragile kind) throws Exception {
            FragileStore store = kind.makePrimary();
            scene.begin(store);
            scene.beginReplica(store.replica());
            scene.follow(store.directory(scene.replica(), scene.password()));
        }
    },

    /** With a standby, which alone is read; the primary announces what changes. Both are on a network of their own. */
    ANNOUNCED {
        @Override
        void begin(FaultScene scene, Fragile kind) throws Exception {
            PostgresContainer primary = PostgresContainer.primary();
            primary.onOwnNetwork();
            scene.begin(primary);
            PostgresContainer standby = primary.replica();
            standby.onOwnNetwork();
            scene.beginReplica(standby);
            scene.follow(primary.directory(standby.url(), primary.url(), scene.password()));
        }
    };

    /** Starts it, with two customers, whom the nodes know. */
    abstract void begin(FaultScene scene, Fragile kind) throws Exception;
}
