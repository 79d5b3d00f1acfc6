/** What header fields decide, behind real MTAs. */
package io.github.orgmilter.it.header;
