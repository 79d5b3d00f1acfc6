/** Follows a directory: starts from the snapshot, reads each change, and keeps what has been read while the store is away. */
@NullMarked
package io.github.orgmilter.follower;

import org.jspecify.annotations.NullMarked;
