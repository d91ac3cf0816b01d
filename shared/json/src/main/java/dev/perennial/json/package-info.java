/**
 * JSON, and only here: the bounded reader and the writer, the cursor that codecs of API documents
 * use, and the codecs of whatever is stored, queued or answered in more than one place. A name that
 * one request or answer alone has stands with its handler.
 */
@NullMarked
package dev.perennial.json;

import org.jspecify.annotations.NullMarked;
