/** Customers in PostgreSQL, MariaDB or MySQL: docs/directory-sql.md. A driver is loaded when a URL asks for it. */
@NullMarked
package io.github.orgmilter.sql;

import org.jspecify.annotations.NullMarked;
