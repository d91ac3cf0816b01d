/** What happened: events as accepted, stamped and owned by one identifier. */
@NullMarked
package dev.perennial.domain.event;

import org.jspecify.annotations.NullMarked;
