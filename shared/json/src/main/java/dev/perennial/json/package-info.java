/**
 * JSON, and only here: the bounded reader and the writer, the cursor that codecs of API documents
 * use, and the codecs. No other module knows a JSON field name.
 */
@NullMarked
package dev.perennial.json;

import org.jspecify.annotations.NullMarked;
