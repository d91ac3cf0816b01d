package dev.perennial.domain.profile;

/**
 * Names one page of an owner identifier's history. Pages form a chain: a {@linkplain Facet facet}
 * names its newest page, and each page names the one before it. A page that a crash left outside
 * the chain is never read.
 *
 * @param number counts up from 1
 * @param digest of the page's content, so that the same page written twice is one page
 */
public record PageId(int number, String digest) {}
