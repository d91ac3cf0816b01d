/** Erasing people: what a request does at once, what is worked off, and what stays refused. */
@NullMarked
package dev.perennial.domain.erasure;

import org.jspecify.annotations.NullMarked;
