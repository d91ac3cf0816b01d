/** What tests share: builders, in-memory ports, contract suites, seeds. */
@NullMarked
package dev.perennial.testkit;

import org.jspecify.annotations.NullMarked;
