/**
 * Functions in this JVM: each from its packaged artifact, in a class loader of its own, through
 * Lambda's serializer.
 */
@NullMarked
package dev.perennial.local.hosting;

import org.jspecify.annotations.NullMarked;
