/** What the functions' calls would cost on AWS, by AWS's documented rules. */
@NullMarked
package dev.perennial.local.meter;

import org.jspecify.annotations.NullMarked;
