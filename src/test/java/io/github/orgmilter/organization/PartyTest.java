package io.github.orgmilter.organization;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.PolicyFixture;
import org.junit.jupiter.api.Test;

class PartyTest {

    @Test
    void isAConnectorAnOrganizationOrNoCustomer() {
        Party connector = new ConnectorName("contoso", "hq");
        assertThat(connector.organization()).hasValue("contoso");
        assertThat(connector.connector()).hasValue("hq");
        assertThat(connector).hasToString("contoso/hq");
        Party organization = new Party.OrganizationName("contoso");
        assertThat(organization.organization()).hasValue("contoso");
        assertThat(organization.connector()).isEmpty();
        assertThat(organization).hasToString("contoso");
        assertThat(Party.NONE.organization()).isEmpty();
        assertThat(Party.NONE.connector()).isEmpty();
        assertThat(Party.NONE).hasToString("");
    }

    @Test
    void aPinShowsWhatItsFingerprintIsOf() {
        String fingerprint = PolicyFixture.fingerprint("1").toString();
        assertThat(PolicyFixture.pin(Pin.Kind.CERTIFICATE, "1 mail.contoso.com"))
                .hasToString("certificate " + fingerprint);
        assertThat(PolicyFixture.pin(Pin.Kind.PUBLIC_KEY, "1")).hasToString("public key " + fingerprint);
    }
}
