/**
 * The page for people, and the stream that tells it when to look again. Enter at {@link
 * org.vipmanager.web.page.Pages}. All of it is written here, word by word, so that it needs no
 * JavaScript; its style and the script that keeps it up to date are files in the jar.
 */
@NullMarked
package org.vipmanager.web.page;

import org.jspecify.annotations.NullMarked;
