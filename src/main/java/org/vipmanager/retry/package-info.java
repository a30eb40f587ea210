/**
 * Asking several servers that say the same: which is asked next, and when. Enter at {@link
 * org.vipmanager.retry.Endpoints}; how long pauses are is a {@link
 * org.vipmanager.core.RetryPolicy}.
 */
@NullMarked
package org.vipmanager.retry;

import org.jspecify.annotations.NullMarked;
