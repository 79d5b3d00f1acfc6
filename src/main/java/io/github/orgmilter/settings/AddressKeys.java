package io.github.orgmilter.settings;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.AddressRange;
import java.util.List;
import java.util.Optional;

/** The keys for addresses, by which a connector or a partner knows a client. */
final class AddressKeys {

    private final Key<List<Located<AddressRange>>> addresses;
    private final Key<List<Located<AddressRange>>> file;

    /** Adds them to the keys of a section. */
    AddressKeys(Keys keys) {
        addresses =
                keys.key("addresses", node -> Optional.of(Values.all(node.elements(), AddressRange::parse)), List.of());
        file = keys.key("addresses-file", node -> Optional.of(Values.inFile(node, AddressRange::parse)), List.of());
    }

    boolean areIn(Section section) {
        return addresses.isIn(section) || file.isIn(section);
    }

    List<Located<AddressRange>> in(Section section) {
        return OrganizationReader.inBoth(section, addresses, file);
    }
}
