package io.github.orgmilter.activity;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that keeps no more than the entries that were used last. */
final class RecentMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;
    private static final float LOAD = 0.75f;

    private final int most;

    RecentMap(int most) {
        super(16, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
