/** The settings by which a connector or a partner knows a client by its certificate: names, issuers, pins and their files. */
@NullMarked
package io.github.orgmilter.settings.certificates;

import org.jspecify.annotations.NullMarked;
