/** Memberships told to other systems: who asked, what they are told, and where it may go. */
@NullMarked
package dev.perennial.domain.webhook;

import org.jspecify.annotations.NullMarked;
