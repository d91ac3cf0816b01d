/** What is known of one person: facets, memberships and their fold, the profile. */
@NullMarked
package dev.perennial.domain.profile;

import org.jspecify.annotations.NullMarked;
