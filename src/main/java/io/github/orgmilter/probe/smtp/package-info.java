/** An SMTP client for a probe: it sends addresses exactly as they are given, and cannot send a message. */
@NullMarked
package io.github.orgmilter.probe.smtp;

import org.jspecify.annotations.NullMarked;
