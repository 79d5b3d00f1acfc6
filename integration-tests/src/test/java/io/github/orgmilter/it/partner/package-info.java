/** Partners of organizations, behind real MTAs. */
package io.github.orgmilter.it.partner;
