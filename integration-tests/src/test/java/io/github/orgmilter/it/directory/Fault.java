package io.github.orgmilter.it.directory;

import java.util.Set;

/**
 * What may happen to a store of customers.
 *
 * @param name how the sentence "no client notices that the store ..." ends
 * @param site what the store is like before
 * @param stores those to which it can happen
 */
record Fault(String name, Site site, Set<Fragile> stores, Happening happening) {

    /** Lets it happen under mail, end, and be judged. */
    interface Happening {
        void to(FaultScene scene, String fault) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
